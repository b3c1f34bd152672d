package dev.accrete.nn.gradient;

import dev.accrete.core.Plan;
import dev.accrete.core.Store;
import dev.accrete.core.Value;
import dev.accrete.core.Variable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Where gradients are checked: a value for each input and variable of a function. */
public final class Point {
  private final Map<Value.Input, float[]> floats = new LinkedHashMap<>();
  private final Map<Value.Input, int[]> ints = new LinkedHashMap<>();
  private final Map<Value.Input, byte[]> bytes = new LinkedHashMap<>();
  private final Map<Variable, float[]> variables = new LinkedHashMap<>();

  /** No value set yet. */
  public Point() {}

  /** Sets an F32 input. */
  public Point set(Value.Input input, float... values) {
    floats.put(input, values.clone());
    return this;
  }

  /** Sets an I32 input. */
  public Point set(Value.Input input, int[] values) {
    ints.put(input, values.clone());
    return this;
  }

  /** Sets a U8 input. */
  public Point set(Value.Input input, byte[] values) {
    bytes.put(input, values.clone());
    return this;
  }

  /** Sets a variable. */
  public Point set(Variable variable, float... values) {
    variables.put(variable, values.clone());
    return this;
  }

  /** The variables that were set. */
  Set<Variable> variables() {
    return variables.keySet();
  }

  /** Writes everything; plans may change variables, so this comes before each run. */
  void load(Plan plan, Store store) {
    floats.forEach(plan::write);
    ints.forEach(plan::write);
    bytes.forEach(plan::write);
    variables.forEach(store::write);
  }

  /** The array that holds the elements of {@code value}, which is an F32 input or a view. */
  float[] array(Value value) {
    float[] array =
        switch (value) {
          case Value.Input input -> floats.get(input);
          case Value.View view -> variables.get(view.variable());
          case Value.Temporary ignored -> null;
        };
    if (array == null) {
      throw new IllegalArgumentException("the point has no F32 values for " + value);
    }
    return array;
  }

  /** Where {@link #array} has the first element of {@code value}. */
  static int offset(Value value) {
    return value instanceof Value.View view ? view.offset() : 0;
  }
}
