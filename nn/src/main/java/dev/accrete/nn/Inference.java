package dev.accrete.nn;

import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The compiled forward pass: fixed moments, no dropout, centre crop, no class masked. Not
 * thread-safe.
 */
public final class Inference implements AutoCloseable, Scorer {
  private static final String LOGITS = "logits";
  private static final String FEATURES = "features";

  private final Host host;
  private final int miniBatch;
  private final Plan plan;
  private final ImageInput input;
  private final float[] logitValues;
  private final float[] featureValues;

  /** Whose network is compiled, what compiles it, and what is told when the plan is not needed. */
  record Host(
      Network network,
      Preprocessing preprocessing,
      Variables variables,
      Function<Graph, Plan> compile,
      Consumer<Plan> release) {}

  Inference(Host host, int miniBatch, int sourceHeight, int sourceWidth) {
    this.host = host;
    this.miniBatch = miniBatch;
    Network network = host.network();
    Graph.Builder graph = Graph.builder();
    input =
        new ImageInput(graph, network, host.preprocessing(), miniBatch, sourceHeight, sourceWidth);
    Network.Forward forward =
        network.forward(graph, input.normalized(), Norms.fixed(), host.variables());
    graph.output(LOGITS, forward.logits());
    graph.output(FEATURES, forward.features());
    plan = host.compile().apply(graph.build());
    input.prepare(plan);
    logitValues = new float[miniBatch * network.classes()];
    featureValues = new float[miniBatch * network.featureSize()];
  }

  /** The most images one run takes. */
  @Override
  public int miniBatch() {
    return miniBatch;
  }

  /**
   * Runs the network on images.
   *
   * @param images u8 planar, at least {@code rows} of them
   * @param rows how many images count, at most {@link #miniBatch()}
   * @param logits receives [rows, classes]; an empty array if they are not wanted
   * @param features receives [rows, featureSize]; an empty array if they are not wanted
   * @throws IllegalArgumentException if an array is too short or rows out of range
   */
  public void run(byte[] images, int rows, float[] logits, float[] features) {
    input.write(plan, images, rows);
    plan.run();
    read(LOGITS, logitValues, logits, rows * host.network().classes());
    read(FEATURES, featureValues, features, rows * host.network().featureSize());
  }

  /** Runs the network on images for their logits alone. */
  @Override
  public void run(byte[] images, int rows, float[] logits) {
    run(images, rows, logits, new float[0]);
  }

  private void read(String output, float[] all, float[] wanted, int count) {
    if (wanted.length == 0) {
      return;
    }
    if (wanted.length < count) {
      throw new IllegalArgumentException(
          output + " need " + count + " elements, the array has " + wanted.length);
    }
    plan.read(output, all);
    System.arraycopy(all, 0, wanted, 0, count);
  }

  /** Multiply-accumulates per image. */
  public long macsPerImage() {
    return plan.graph().macs() / miniBatch;
  }

  /** Bytes this holds beyond the learner's store. */
  @Override
  public long bytes() {
    return plan.bytes() + input.bytes() + 4L * (logitValues.length + featureValues.length);
  }

  @Override
  public void close() {
    host.release().accept(plan);
  }
}
