package dev.accrete.nn;

import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.nn.layer.Scope;
import java.util.List;

/**
 * The compiled lower part of a cut network: images in, latents out, which stay where the backend
 * computes; fixed moments, no dropout, centre crop. Not thread-safe.
 */
public final class LatentExtraction implements AutoCloseable {
  private final Learner learner;
  private final int miniBatch;
  private final ImageInput input;
  private final Plan plan;
  private final Value.Input cells;
  private final LatentBank latents;

  LatentExtraction(Learner learner, Cut cut, int miniBatch) {
    this.learner = learner;
    this.miniBatch = miniBatch;
    Network network = learner.network();
    Graph.Builder graph = Graph.builder();
    input =
        new ImageInput(
            graph, network, learner.preprocessing(), miniBatch, network.height(), network.width());
    Scope scope = Scope.of(graph, Norms.fixed(), learner.variables());
    cells = graph.input("cells", TensorType.i32(miniBatch));
    latents = learner.allocateLatents("extracted", cut.latent(), miniBatch, LatentBank.Storage.F32);
    latents.scatter(graph, cut.lower(scope, input.normalized()), cells);
    plan = learner.compile(graph.build(), List.of(latents));
    input.prepare(plan);
  }

  /** The most images one run takes. */
  public int miniBatch() {
    return miniBatch;
  }

  /**
   * Runs the lower part on images, and leaves their latents in the first cells of {@link #latents}.
   *
   * @param images u8 planar [rows, C, H, W] of the network's size, or more
   * @param rows how many images count, at most {@link #miniBatch()}
   * @throws IllegalArgumentException if the array is too short or rows out of range
   */
  public void run(byte[] images, int rows) {
    input.write(plan, images, rows);
    int[] into = new int[miniBatch];
    for (int row = 0; row < miniBatch; row++) {
      into[row] = row < rows ? row : -1;
    }
    plan.write(cells, into);
    plan.run();
  }

  /** Where {@link #run} leaves the latents; the next run replaces them. */
  public LatentBank latents() {
    return latents;
  }

  /** Multiply-accumulates per image. */
  public long macsPerImage() {
    return plan.graph().macs() / miniBatch;
  }

  /** Bytes this holds beyond the learner's store. */
  public long bytes() {
    return plan.bytes() + input.bytes() + latents.bytes();
  }

  @Override
  public void close() {
    learner.release(plan);
    latents.close();
  }
}
