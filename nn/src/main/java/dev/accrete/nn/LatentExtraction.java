package dev.accrete.nn;

import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.nn.layer.Scope;

/**
 * The compiled lower part of a cut network: images in, latents out; fixed moments, no dropout,
 * centre crop. Not thread-safe.
 */
public final class LatentExtraction implements AutoCloseable {
  private static final String LATENTS = "latents";

  private final Learner learner;
  private final Cut cut;
  private final int miniBatch;
  private final ImageInput input;
  private final Plan plan;
  private final float[] values;

  LatentExtraction(Learner learner, Cut cut, int miniBatch) {
    this.learner = learner;
    this.cut = cut;
    this.miniBatch = miniBatch;
    Network network = learner.network();
    Graph.Builder graph = Graph.builder();
    input = new ImageInput(graph, learner, miniBatch, network.height(), network.width());
    Scope scope = Scope.of(graph, Norms.fixed(), learner.variables());
    graph.output(LATENTS, cut.lower(scope, input.normalized()));
    plan = learner.compile(graph.build());
    input.prepare(plan);
    values = new float[miniBatch * cut.latent().size()];
  }

  /** The most images one run takes. */
  public int miniBatch() {
    return miniBatch;
  }

  /**
   * Runs the lower part on images.
   *
   * @param images u8 planar [rows, C, H, W] of the network's size, or more
   * @param rows how many images count, at most {@link #miniBatch()}
   * @param latents receives one latent per row, each of {@link Cut#latent()}
   * @throws IllegalArgumentException if an array is too short or rows out of range
   */
  public void run(byte[] images, int rows, float[] latents) {
    int count = rows * cut.latent().size();
    if (latents.length < count) {
      throw new IllegalArgumentException(
          rows + " latents need " + count + " elements, the array has " + latents.length);
    }
    input.write(plan, images, rows);
    plan.run();
    plan.read(LATENTS, values);
    System.arraycopy(values, 0, latents, 0, count);
  }

  /** Multiply-accumulates per image. */
  public long macsPerImage() {
    return plan.graph().macs() / miniBatch;
  }

  /** Bytes this holds beyond the learner's store. */
  public long bytes() {
    return plan.bytes() + input.bytes() + 4L * values.length;
  }

  @Override
  public void close() {
    learner.release(plan);
  }
}
