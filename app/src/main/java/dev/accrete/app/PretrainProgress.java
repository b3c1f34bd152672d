package dev.accrete.app;

import dev.accrete.cl.pretrain.Pretraining.Listener;
import dev.accrete.cl.pretrain.Pretraining.Position;
import java.time.Duration;
import java.util.Locale;

/** Prints how a pre-training goes: a line every few seconds, and one for each epoch. */
final class PretrainProgress implements Listener {
  private static final long INTERVAL_NANOS = 10_000_000_000L;

  private final Console console;
  private long printed;
  private long firstStep = -1;
  private double firstDone;
  private long firstNanos;
  private double smoothedLoss = Double.NaN;

  PretrainProgress(Console console) {
    this.console = console;
  }

  @Override
  public void step(Position position, float loss) {
    long now = System.nanoTime();
    smoothedLoss = Double.isNaN(smoothedLoss) ? loss : 0.98 * smoothedLoss + 0.02 * loss;
    if (firstStep < 0) {
      firstStep = position.step();
      firstDone = position.done();
      firstNanos = now;
    }
    if (now - printed < INTERVAL_NANOS || position.step() == firstStep) {
      return;
    }
    printed = now;
    double elapsed = (now - firstNanos) * 1e-9;
    double perStep = elapsed / (position.step() - firstStep);
    double rate = (position.done() - firstDone) / elapsed;
    Duration left = Duration.ofSeconds((long) ((1 - position.done()) / rate));
    console.note(
        String.format(
            Locale.ROOT,
            "epoch %d/%d  step %d/%d  %d px  loss %.3f  %.0f ms/step  ETA %d:%02d:%02d",
            position.epoch() + 1,
            position.epochs(),
            position.step(),
            position.steps(),
            position.imageSize(),
            smoothedLoss,
            1000 * perStep,
            left.toHours(),
            left.toMinutesPart(),
            left.toSecondsPart()));
  }

  @Override
  public void epoch(
      Position position, double trainLoss, double validationAccuracy, double seconds) {
    console.note(
        String.format(
            Locale.ROOT,
            "epoch %d/%d done at %d px: training loss %.3f, validation top-1 %.2f%%, %.1f min so far",
            position.epoch(),
            position.epochs(),
            position.imageSize(),
            trainLoss,
            100 * validationAccuracy,
            seconds / 60));
  }
}
