package dev.accrete.bench.gpu;

import dev.accrete.bench.work.Statistics;
import dev.accrete.kernels.cuda.DeviceTimer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes samples of a workload once its times have settled. */
final class Sampler {
  /** Events tell half a microsecond; a sample is long enough for that not to matter. */
  private static final double LEAST_MILLIS = 0.5;

  private static final int MOST_LAUNCHES = 64;
  private static final int WINDOW = 5;
  private static final double SETTLED = 0.02;

  private final DeviceTimer timer;
  private final Optional<Telemetry> telemetry;
  private final Question question;

  Sampler(DeviceTimer timer, Optional<Telemetry> telemetry, Question question) {
    this.timer = timer;
    this.telemetry = telemetry;
    this.question = question;
  }

  /** Warms up and samples. */
  Answer.Measured sample(String name, Workload workload, String checked) {
    List<Double> warm = warmUp(workload);
    double portion = warm.getLast();
    int launches = (int) Math.clamp(Math.ceil(LEAST_MILLIS / portion), 1, MOST_LAUNCHES);
    long waste = wasted(portion * launches);
    List<Telemetry.Reading> readings = new ArrayList<>();
    telemetry.ifPresent(t -> readings.add(t.read()));
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < workload.samples(question.samples()); i++) {
      double sample =
          timer.millis(
              () -> {
                for (int launch = 0; launch < launches; launch++) {
                  workload.launch();
                }
                timer.copy(waste);
              });
      millis.add(sample / launches / workload.repetitions());
    }
    telemetry.ifPresent(t -> readings.add(t.read()));
    workload.finish();
    return new Answer.Measured(
        name,
        millis,
        launches,
        workload.repetitions(),
        workload.bytes(),
        workload.operations(),
        workload.rotatedBytes(),
        warm.size(),
        isSettled(warm),
        checked,
        "",
        readings);
  }

  /** Portions until the median of the last few is that of those before, or the time is up. */
  private List<Double> warmUp(Workload workload) {
    List<Double> millis = new ArrayList<>();
    long end = System.nanoTime() + (long) (question.warmUpSeconds() * 1e9);
    do {
      millis.add(timer.millis(workload::launch));
    } while (!isSettled(millis) && System.nanoTime() < end);
    return millis;
  }

  static boolean isSettled(List<Double> millis) {
    int size = millis.size();
    if (size < 2 * WINDOW) {
      return false;
    }
    double last = Statistics.median(millis.subList(size - WINDOW, size));
    double before = Statistics.median(millis.subList(size - 2 * WINDOW, size - WINDOW));
    return Math.abs(last - before) <= SETTLED * before;
  }

  /** The bytes whose copying takes the share of a sample that is to be wasted. */
  private long wasted(double sampleMillis) {
    if (question.slowdown() == 0) {
      return 0;
    }
    long piece = timer.copyPiece();
    double pieceMillis = timer.millis(() -> timer.copy(piece));
    return (long) (question.slowdown() * sampleMillis / pieceMillis * piece);
  }
}
