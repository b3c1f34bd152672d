package dev.accrete.bench.gpu;

import dev.accrete.core.Precision;
import dev.accrete.kernels.cuda.DeviceFacts;
import java.util.List;

/**
 * What one measuring process saw.
 *
 * @param backend what ran
 * @param device where
 * @param driver the driver's own version, for example {@code 580.65.06}; empty = not told
 * @param notes what a reader should know
 * @param roofline what the device can do at most
 * @param cases what was measured
 */
record Answer(
    String backend,
    DeviceFacts device,
    String driver,
    List<String> notes,
    Roofline roofline,
    List<Measured> cases) {
  Answer {
    notes = List.copyOf(notes);
    cases = List.copyOf(cases);
  }

  /**
   * What the device can do at most, as measured.
   *
   * @param copyGigabytes gigabytes per second that a copy within its memory reads and writes
   * @param fmaTeraflops 10^12 operations per second of multiply-adds in registers, single precision
   * @param tf32Teraflops the same of tensor cores in TF32, by {@code mma.sync}
   * @param bf16Teraflops the same in bf16
   */
  record Roofline(
      double copyGigabytes, double fmaTeraflops, double tf32Teraflops, double bf16Teraflops) {
    /** The least milliseconds that so much work takes; 0 if nothing is counted. */
    double leastMillis(Precision precision, long bytes, long operations) {
      return Math.max(bytes / (copyGigabytes * 1e6), operations / (teraflops(precision) * 1e9));
    }

    /** Which of the two limits such work. */
    String limit(Precision precision, long bytes, long operations) {
      return bytes / copyGigabytes * 1e3 >= operations / teraflops(precision)
          ? "memory"
          : "arithmetic";
    }

    private double teraflops(Precision precision) {
      return switch (precision) {
        case FP32 -> fmaTeraflops;
        case TF32 -> tf32Teraflops;
        case BF16 -> bf16Teraflops;
      };
    }
  }

  /**
   * A case in one process.
   *
   * @param millis of one repetition, one number per sample, in order
   * @param launches portions per sample
   * @param repetitions of the work within a portion
   * @param bytes that one repetition must move at least; 0 = not counted
   * @param operations that it must do; 0 = not counted
   * @param rotatedBytes the memory that a portion goes through
   * @param warmUps portions before the first sample
   * @param settled whether the times had settled by then
   * @param checked what was compared with the reference; empty = this process did not
   * @param failure what was wrong, and then there are no samples; empty = nothing
   * @param readings clock, power and temperature before and after the samples, where they are told
   */
  record Measured(
      String name,
      List<Double> millis,
      int launches,
      int repetitions,
      long bytes,
      long operations,
      long rotatedBytes,
      int warmUps,
      boolean settled,
      String checked,
      String failure,
      List<Telemetry.Reading> readings) {
    Measured {
      millis = List.copyOf(millis);
      readings = List.copyOf(readings);
    }

    static Measured failed(String name, String failure) {
      return new Measured(name, List.of(), 0, 0, 0, 0, 0, 0, false, "", failure, List.of());
    }
  }
}
