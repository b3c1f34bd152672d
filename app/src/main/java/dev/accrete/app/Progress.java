package dev.accrete.app;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.cl.run.Ledger;
import dev.accrete.cl.run.LedgerRow;
import dev.accrete.cl.run.RunObserver;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** Shows on a console how far a run is: one bar for each image set and each strategy. */
final class Progress implements RunObserver, AutoCloseable {
  private final Console console;
  private Optional<Bar> bar = Optional.empty();
  private long[] before = {0};
  private String accuracy = "";

  Progress(Console console) {
    this.console = console;
  }

  /** A listener for the decoding of one image set. */
  ProgressListener images(String name) {
    return (done, total) -> {
      bar.orElseGet(() -> open("images of " + name, 0, total)).to(done, "");
      if (done >= total) {
        close();
      }
    };
  }

  @Override
  public void strategyStarted(String strategy, int done, long[] work) {
    close();
    accuracy = "";
    before = new long[work.length + 1];
    for (int i = 0; i < work.length; i++) {
      before[i + 1] = before[i] + work[i];
    }
    if (done < work.length) {
      open(strategy, before[done], before[work.length]);
    }
  }

  @Override
  public void training(String strategy, int experience, long done, long total) {
    show(experience, (double) done / total);
  }

  @Override
  public void learned(LedgerRow row) {
    if (row.isEvaluated()) {
      accuracy = String.format(Locale.ROOT, ", accuracy %.1f%%", 100 * row.accuracy());
    }
    show(row.experience(), 1);
  }

  private void show(int experience, double part) {
    long work = before[experience + 1] - before[experience];
    long position = before[experience] + Math.round(Math.min(1, part) * work);
    String where = "experience " + (experience + 1) + " of " + (before.length - 1);
    bar.ifPresent(shown -> shown.to(position, where + accuracy));
  }

  @Override
  public void strategyFinished(Ledger ledger) {
    close();
    OptionalDouble last = ledger.curve().finalAccuracy();
    console.note(
        String.format(
            Locale.ROOT,
            "%s: %s, %.1f s of training",
            ledger.strategy(),
            last.isPresent()
                ? String.format(Locale.ROOT, "final accuracy %.1f%%", 100 * last.getAsDouble())
                : "not tested",
            ledger.seconds()));
  }

  private Bar open(String name, long done, long total) {
    Bar opened =
        console.live() ? new LiveBar(name, done, total) : new LineBar(name, done, total, console);
    bar = Optional.of(opened);
    return opened;
  }

  /** Takes the bar away. */
  @Override
  public void close() {
    bar.ifPresent(Bar::close);
    bar = Optional.empty();
  }
}
