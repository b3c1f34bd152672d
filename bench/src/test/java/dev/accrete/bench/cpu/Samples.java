package dev.accrete.bench.cpu;

import dev.accrete.bench.work.Measurement;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Measurements for tests. */
final class Samples {
  static final long MACS = 500_000_000;

  private Samples() {}

  static Measurement measurement(String engine, int mebibytes, double... millis) {
    return new Measurement(
        engine,
        List.of(),
        0,
        MACS,
        Arrays.stream(millis).boxed().toList(),
        1,
        1,
        1,
        0,
        0,
        List.of(),
        0,
        (long) mebibytes << 20,
        0);
  }

  static CpuCase.Round round(double ours, double peer) {
    return new CpuCase.Round(
        measurement("ours", 100, ours), Optional.of(measurement("peer", 300, peer)));
  }

  static CpuCase.Round alone(double ours) {
    return new CpuCase.Round(measurement("ours", 100, ours), Optional.empty());
  }
}
