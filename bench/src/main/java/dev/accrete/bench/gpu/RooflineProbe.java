package dev.accrete.bench.gpu;

import dev.accrete.core.Precision;
import dev.accrete.kernels.cuda.DeviceTimer;
import java.util.function.IntToDoubleFunction;

/** Measures what the device can do at most. */
final class RooflineProbe {
  private static final int ATTEMPTS = 5;
  private static final double LONG_ENOUGH_MILLIS = 5;
  private static final int MOST_DOUBLINGS = 16;

  private final DeviceTimer timer;
  private double work;

  private RooflineProbe(DeviceTimer timer) {
    this.timer = timer;
  }

  static Answer.Roofline measure(DeviceTimer timer) {
    RooflineProbe probe = new RooflineProbe(timer);
    double copied =
        probe.best(
            pieces -> {
              timer.copy(pieces * timer.copyPiece());
              // Every byte is read and written.
              return 2.0 * pieces * timer.copyPiece();
            });
    return new Answer.Roofline(
        copied / 1e6,
        probe.teraflops(Precision.FP32),
        probe.teraflops(Precision.TF32),
        probe.teraflops(Precision.BF16));
  }

  private double teraflops(Precision precision) {
    return best(rounds -> timer.multiplyAdd(precision, rounds)) / 1e9;
  }

  /**
   * Doubles the work until it takes long enough, then keeps the best of a few attempts: whatever
   * disturbs only makes it slower.
   *
   * @param launch gives the device so many units of work, and returns how much that is
   * @return work per millisecond
   */
  private double best(IntToDoubleFunction launch) {
    int units = 1;
    double millis = time(launch, units);
    for (int i = 0; i < MOST_DOUBLINGS && millis < LONG_ENOUGH_MILLIS; i++) {
      units *= 2;
      millis = time(launch, units);
    }
    double rate = work / millis;
    for (int i = 1; i < ATTEMPTS; i++) {
      rate = Math.max(rate, work / time(launch, units));
    }
    return rate;
  }

  private double time(IntToDoubleFunction launch, int units) {
    return timer.millis(() -> work = launch.applyAsDouble(units));
  }
}
