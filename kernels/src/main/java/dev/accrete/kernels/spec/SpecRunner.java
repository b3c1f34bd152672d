package dev.accrete.kernels.spec;

import dev.accrete.core.Backend;
import dev.accrete.core.DType;
import dev.accrete.core.Shape;
import dev.accrete.kernels.spec.SpecProgram.Form;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/**
 * Runs cases on a backend and compares with another, the reference.
 *
 * <p>Each program runs on other operands first, so that a result that is not written, or sums that
 * are not cleared, show; destinations are poisoned before, and guards are checked after. NaN never
 * passes. The same operands must give the same bits again.
 */
public final class SpecRunner {
  private static final long FIRST_SEED = 1;
  private static final long SEED = 2;

  private final Backend reference;
  private final Backend tested;

  /** A runner; closes neither backend. */
  public SpecRunner(Backend reference, Backend tested) {
    this.reference = reference;
    this.tested = tested;
  }

  /**
   * Runs a case in every form that exists and is supported.
   *
   * @return the forms that ran; empty if the backend does not support the op on these operands
   * @throws SpecFailure if a result is off its bound or NaN, or the backend wrote elsewhere
   */
  public List<Form> check(OpSpec.Case spec) {
    List<Form> forms =
        Arrays.stream(Form.values())
            .filter(form -> SpecProgram.exists(spec, form))
            .filter(form -> SpecProgram.supported(spec, form, tested))
            .toList();
    if (!forms.isEmpty()) {
      List<HostTensor> expected = expected(spec);
      forms.forEach(form -> check(spec, form, expected));
    }
    return forms;
  }

  private List<HostTensor> expected(OpSpec.Case spec) {
    try (SpecProgram program = SpecProgram.compile(spec, Form.INPUTS, reference)) {
      program.load(spec.generate(SEED));
      program.run();
      return program.results();
    }
  }

  private void check(OpSpec.Case spec, Form form, List<HostTensor> expected) {
    try (SpecProgram program = SpecProgram.compile(spec, form, tested)) {
      run(program, spec.generate(FIRST_SEED));
      List<HostTensor> results = run(program, spec.generate(SEED));
      List<HostTensor> again = run(program, spec.generate(SEED));
      for (int i = 0; i < results.size(); i++) {
        String where = spec + " as " + form + " on " + tested.name() + ", result " + i;
        compare(where, expected.get(i), results.get(i), spec.tolerances().get(i));
        same(where, results.get(i), again.get(i));
      }
    }
  }

  private static List<HostTensor> run(SpecProgram program, List<HostTensor> operands) {
    program.load(operands);
    program.run();
    program.checkGuards(operands);
    return program.results();
  }

  private static void compare(
      String where, HostTensor expected, HostTensor actual, Tolerance tolerance) {
    Shape shape = expected.type().shape();
    switch (expected.type().dtype()) {
      case F32 -> compare(where, shape, expected.floats(), actual.floats(), tolerance);
      case F64 -> {
        double[] wanted = expected.doubles();
        double[] got = actual.doubles();
        compare(where, shape, i -> wanted[i], i -> got[i], tolerance);
      }
      case I32, U8 -> compareBits(where, expected, actual);
    }
  }

  private static void compareBits(String where, HostTensor expected, HostTensor actual) {
    Shape shape = expected.type().shape();
    long[] wanted = expected.bits();
    long[] got = actual.bits();
    int at = Arrays.mismatch(wanted, got);
    if (at >= 0) {
      throw new SpecFailure(
          String.format(
              Locale.ROOT,
              "%s at %s of %s: expected 0x%08x, got 0x%08x",
              where,
              index(shape, at),
              shape,
              wanted[at],
              got[at]));
    }
  }

  /**
   * Compares a tensor with its reference.
   *
   * @param where names the tensor in the message
   * @throws SpecFailure naming the element that is furthest off, in multiples of its bound
   */
  public static void compare(
      String where, Shape shape, float[] expected, float[] actual, Tolerance tolerance) {
    compare(where, shape, i -> expected[i], i -> actual[i], tolerance);
  }

  private static void compare(
      String where,
      Shape shape,
      IntFunction<Number> expected,
      IntFunction<Number> actual,
      Tolerance tolerance) {
    double worst = 0;
    int at = -1;
    int count = 0;
    for (int i = 0; i < shape.size(); i++) {
      double wanted = expected.apply(i).doubleValue();
      double excess = excess(wanted, actual.apply(i).doubleValue(), tolerance.bound(i, wanted));
      if (excess > 1) {
        count++;
      }
      if (excess > worst) {
        worst = excess;
        at = i;
      }
    }
    if (count > 0) {
      throw new SpecFailure(
          String.format(
              Locale.ROOT,
              "%s at %s of %s: expected %s, got %s, off by %.3g, allowed %.3g;"
                  + " %d of %d elements are off",
              where,
              index(shape, at),
              shape,
              expected.apply(at),
              actual.apply(at),
              Math.abs(actual.apply(at).doubleValue() - expected.apply(at).doubleValue()),
              tolerance.bound(at, expected.apply(at).doubleValue()),
              count,
              shape.size()));
    }
  }

  /** The error in multiples of the bound; infinite for what no bound excuses. */
  private static double excess(double expected, double actual, double bound) {
    if (expected == actual) {
      return 0;
    }
    double excess = Math.abs(actual - expected) / bound;
    return Double.isNaN(excess) ? Double.POSITIVE_INFINITY : excess;
  }

  private static void same(String where, HostTensor first, HostTensor second) {
    if (first.type().dtype() != DType.F32) {
      compareBits(where + ", run again", first, second);
      return;
    }
    for (int i = 0; i < first.floats().length; i++) {
      float once = first.floats()[i];
      float again = second.floats()[i];
      if (Float.floatToRawIntBits(once) != Float.floatToRawIntBits(again)) {
        throw new SpecFailure(
            where
                + " at "
                + index(first.type().shape(), i)
                + ": the same operands gave "
                + once
                + " and then "
                + again);
      }
    }
  }

  private static List<Integer> index(Shape shape, int canonical) {
    List<Integer> index = new ArrayList<>();
    int rest = canonical;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      index.addFirst(rest % shape.dim(axis));
      rest /= shape.dim(axis);
    }
    return index;
  }
}
