package dev.accrete.nn;

import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;

/** Copies latents from one bank to another. Not thread-safe. */
public final class LatentCopy implements AutoCloseable {
  /** Latents of one run: enough to keep threads busy, few enough to need little memory. */
  private static final int ROWS = 32;

  private final Learner learner;
  private final LatentBank from;
  private final LatentBank to;
  private final Value.Input rows;
  private final Value.Input cells;
  private final Plan plan;

  LatentCopy(Learner learner, LatentBank from, LatentBank to) {
    this.learner = learner;
    this.from = from;
    this.to = to;
    Graph.Builder graph = Graph.builder();
    rows = graph.input("rows", TensorType.i32(ROWS));
    cells = graph.input("cells", TensorType.i32(ROWS));
    to.scatter(graph, LatentBank.gather(graph, rows, List.of(from)), cells);
    plan = learner.compile(graph.build(), List.of(from, to));
  }

  /**
   * Copies the latent in cell {@code source[i]} of the one bank to cell {@code target[i]} of the
   * other, for every i.
   *
   * @throws IllegalArgumentException if the arrays differ in length or a target is named twice
   * @throws IndexOutOfBoundsException if there is no such cell
   */
  public void run(int[] source, int[] target) {
    check(source, target);
    int[] sources = new int[ROWS];
    int[] targets = new int[ROWS];
    for (int done = 0; done < source.length; done += ROWS) {
      int count = Math.min(ROWS, source.length - done);
      Arrays.fill(targets, -1);
      System.arraycopy(source, done, sources, 0, count);
      System.arraycopy(target, done, targets, 0, count);
      plan.write(rows, sources);
      plan.write(cells, targets);
      plan.run();
    }
  }

  private void check(int[] source, int[] target) {
    if (source.length != target.length) {
      throw new IllegalArgumentException(
          source.length + " latents cannot go to " + target.length + " cells");
    }
    BitSet taken = new BitSet();
    for (int i = 0; i < source.length; i++) {
      Objects.checkIndex(source[i], from.cells());
      Objects.checkIndex(target[i], to.cells());
      if (taken.get(target[i])) {
        throw new IllegalArgumentException("two latents cannot go to cell " + target[i]);
      }
      taken.set(target[i]);
    }
  }

  @Override
  public void close() {
    learner.release(plan);
  }
}
