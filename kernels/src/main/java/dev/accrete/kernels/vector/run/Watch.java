package dev.accrete.kernels.vector.run;

import dev.accrete.kernels.vector.tensor.VectorStore;
import java.util.List;

/** Tells whether values changed, so that what is derived from them is derived only then. */
public final class Watch {
  private final List<VectorStore.Entry> variables;
  private final Clock clock;
  private long seen = -1;

  /** Watches variables; without any, values that are computed anew in every run. */
  public Watch(List<VectorStore.Entry> variables, Clock clock) {
    this.variables = List.copyOf(variables);
    this.clock = clock;
  }

  /** Grows with every change; what was asked about last. */
  public long version() {
    return seen;
  }

  /** Whether anything changed since this was asked last; true at first. */
  public boolean changed() {
    long now = variables.isEmpty() ? clock.runs : 0;
    for (VectorStore.Entry variable : variables) {
      now += variable.changes;
    }
    boolean changed = now != seen;
    seen = now;
    return changed;
  }
}
