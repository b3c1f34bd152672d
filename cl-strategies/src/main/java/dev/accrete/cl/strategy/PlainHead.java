package dev.accrete.cl.strategy;

import dev.accrete.nn.Learner;
import java.util.Arrays;

/** A head that trains as the rest does; it remembers which classes it has seen. */
public final class PlainHead implements HeadPolicy {
  private static final String SEEN = "seen";

  private boolean[] seen = new boolean[0];

  @Override
  public void attach(Learner learner) {
    seen = new boolean[learner.network().classes()];
  }

  @Override
  public void end(Border border) {
    add(border.images());
  }

  void add(LabelledImages images) {
    for (int i = 0; i < images.count(); i++) {
      seen[images.label(i)] = true;
    }
  }

  void clear() {
    Arrays.fill(seen, false);
  }

  @Override
  public boolean[] seen() {
    return seen.clone();
  }

  @Override
  public void save(StateWriter state) {
    long[] values = new long[seen.length];
    for (int c = 0; c < seen.length; c++) {
      values[c] = seen[c] ? 1 : 0;
    }
    state.put(SEEN, values);
  }

  @Override
  public void restore(StateReader state) {
    clear();
    long[] values = state.longs(SEEN);
    for (int c = 0; c < Math.min(values.length, seen.length); c++) {
      seen[c] = values[c] != 0;
    }
  }
}
