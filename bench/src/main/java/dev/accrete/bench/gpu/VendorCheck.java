package dev.accrete.bench.gpu;

import dev.accrete.bench.gpu.vendor.Layout;
import dev.accrete.bench.gpu.vendor.Vendor;
import dev.accrete.core.Precision;
import dev.accrete.core.Shape;
import dev.accrete.core.op.BatchRenorm;
import dev.accrete.core.op.BatchRenormGrad;
import dev.accrete.kernels.spec.HostTensor;
import dev.accrete.kernels.spec.OpSpec;
import dev.accrete.kernels.spec.SpecProgram;
import dev.accrete.kernels.spec.SpecRunner;
import dev.accrete.kernels.spec.Tolerance;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares what a vendor's library computes with the reference. How it rounds factors for tensor
 * cores is its secret: in TF32 and bf16 each product of two may be off by two units of theirs.
 */
final class VendorCheck {
  private static final long SEED = 5;
  private static final double EPSILON = 1e-5;

  private VendorCheck() {}

  /**
   * Runs a case on both.
   *
   * @throws dev.accrete.kernels.spec.SpecFailure if they differ
   */
  static void compare(GpuBench bench, Vendor vendor, OpSpec.Case spec, Layout layout) {
    List<HostTensor> operands = plain(spec, spec.generate(SEED));
    List<float[]> actual;
    try (VendorRun run = new VendorRun(bench, vendor, spec, layout, operands, 1)) {
      actual = run.results(0);
    }
    List<float[]> expected = reference(bench, spec, operands);
    for (int i = 0; i < actual.size(); i++) {
      SpecRunner.compare(
          spec + " by " + vendor.label() + " in " + layout + ", result " + i,
          spec.resultTypes().get(i).shape(),
          expected.get(i),
          actual.get(i),
          bound(bench, spec, operands, i));
    }
  }

  /** Batch renormalization that does not renormalize: no library has it. */
  static List<HostTensor> plain(OpSpec.Case spec, List<HostTensor> operands) {
    List<HostTensor> plain = new ArrayList<>(operands);
    switch (spec.op()) {
      case BatchRenorm ignored ->
          plain.set(5, HostTensor.of(operands.get(5).type(), new float[] {1, 0, 0.99f}));
      case BatchRenormGrad ignored ->
          plain.set(2, HostTensor.of(operands.get(2).type(), saved(operands.getFirst())));
      default -> {}
    }
    return plain;
  }

  /** The moments of x itself, which a library may rely on; r 1, d 0. */
  private static float[] saved(HostTensor x) {
    Shape shape = x.type().shape();
    int channels = shape.dim(1);
    int count = shape.size() / channels;
    double[] sums = new double[channels];
    double[] squares = new double[channels];
    for (int i = 0; i < shape.size(); i++) {
      int channel = i / (count / shape.dim(0)) % channels;
      double value = x.floats()[i];
      sums[channel] += value;
      squares[channel] += value * value;
    }
    float[] saved = new float[4 * channels];
    for (int c = 0; c < channels; c++) {
      double mean = sums[c] / count;
      saved[c] = (float) mean;
      saved[channels + c] =
          (float) (1 / Math.sqrt(Math.max(0, squares[c] / count - mean * mean) + EPSILON));
      saved[2 * channels + c] = 1;
    }
    return saved;
  }

  private static Tolerance bound(
      GpuBench bench, OpSpec.Case spec, List<HostTensor> operands, int result) {
    // Libraries may transform instead of adding up.
    Tolerance sums = spec.tolerances().get(result).cutOff();
    double unit = unit(bench.precision());
    if (unit == 0) {
      return sums;
    }
    float[] magnitudes =
        reference(bench, spec, operands.stream().map(VendorCheck::abs).toList()).get(result);
    return (index, expected) -> sums.bound(index, expected) + 2 * unit * magnitudes[index];
  }

  /** The most that a factor changes, as a share of it, if it is cut off. */
  private static double unit(Precision precision) {
    return switch (precision) {
      case FP32 -> 0;
      case TF32 -> 0x1p-10;
      case BF16 -> 0x1p-7;
    };
  }

  private static HostTensor abs(HostTensor tensor) {
    float[] values = tensor.floats().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.abs(values[i]);
    }
    return HostTensor.of(tensor.type(), values);
  }

  private static List<float[]> reference(
      GpuBench bench, OpSpec.Case spec, List<HostTensor> operands) {
    try (SpecProgram program =
        SpecProgram.compile(spec, SpecProgram.Form.INPUTS, bench.reference())) {
      program.load(operands);
      program.run();
      return program.results().stream().map(HostTensor::floats).toList();
    }
  }
}
