package dev.accrete.bench.work;

/** A process that has seen everything before. */
public final class FakeSession implements Session {
  private final Measurement measurement;
  private int turns;

  /** Its measurement holds as many runs as it can be asked for, and gives those it was. */
  public FakeSession(Measurement measurement) {
    this.measurement = measurement;
  }

  @Override
  public void turn() {
    turns++;
    if (turns > measurement.runMillis().size()) {
      throw new IllegalStateException("asked for more turns than there are: " + turns);
    }
  }

  @Override
  public Measurement stop() {
    return measurement;
  }

  @Override
  public void close() {}
}
