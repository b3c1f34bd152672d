package dev.accrete.kernels.spec;

import dev.accrete.core.Rng;
import dev.accrete.core.TensorType;
import dev.accrete.core.op.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What an op must do, by example.
 *
 * @param type the op's record
 * @param cases small and odd: run on every backend and compared with the reference
 * @param benchmarks the shapes that decide speed: run by the benchmarks, too large for the
 *     reference
 */
public record OpSpec(Class<? extends Op> type, List<Case> cases, List<Case> benchmarks) {
  public OpSpec {
    cases = List.copyOf(cases);
    benchmarks = List.copyOf(benchmarks);
    for (Case one : cases) {
      if (!type.isInstance(one.op())) {
        throw new IllegalArgumentException(one + " is not a case of " + type.getSimpleName());
      }
    }
  }

  /** A spec without benchmark shapes. */
  public static OpSpec of(Class<? extends Op> type, List<Case> cases) {
    return new OpSpec(type, cases, List.of());
  }

  /** The op's name. */
  public String name() {
    return type.getSimpleName();
  }

  /**
   * An op with operands.
   *
   * @param tolerances one for each result
   * @param note what is special about it; may be empty
   */
  public record Case(Op op, List<Operand> operands, List<Tolerance> tolerances, String note) {
    public Case {
      operands = List.copyOf(operands);
      tolerances = List.copyOf(tolerances);
      int results = op.infer(operands.stream().map(Operand::type).toList()).size();
      if (results != tolerances.size()) {
        throw new IllegalArgumentException(
            op.name() + " has " + results + " results, got " + tolerances.size() + " tolerances");
      }
    }

    /** A case of an op with one result. */
    public static Case of(Op op, Tolerance tolerance, String note, Operand... operands) {
      return new Case(op, List.of(operands), List.of(tolerance), note);
    }

    /** The types of the operands. */
    public List<TensorType> inputTypes() {
      return operands.stream().map(Operand::type).toList();
    }

    /** The types of the results. */
    public List<TensorType> resultTypes() {
      return op.infer(inputTypes());
    }

    /** The operands by index that a gradient is checked for, with respect to the first result. */
    public List<Integer> differentiable() {
      return IntStream.range(0, operands.size())
          .filter(i -> operands.get(i).differentiable())
          .boxed()
          .toList();
    }

    /** Elements for every operand: a pure function of {@code seed}. */
    public List<HostTensor> generate(long seed) {
      List<HostTensor> values = new ArrayList<>();
      for (Operand operand : operands) {
        Rng rng = Rng.of(seed, values.size());
        values.add(operand.generator().generate(rng, operand.type()));
      }
      return values;
    }

    /** Op, shapes and note, for example {@code Relu x=f32[3x17x5x7]}. */
    @Override
    public String toString() {
      String types =
          operands.stream().map(o -> " " + o.name() + "=" + o.type()).collect(Collectors.joining());
      return op + types + (note.isEmpty() ? "" : " (" + note + ")");
    }
  }
}
