package dev.accrete.nn;

import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import java.util.Arrays;

/**
 * The compiled forward pass: fixed moments, no dropout, centre crop, no class masked. Not
 * thread-safe.
 */
public final class Inference implements AutoCloseable {
  private static final String LOGITS = "logits";
  private static final String FEATURES = "features";

  private final Learner learner;
  private final int miniBatch;
  private final int imageBytes;
  private final Plan plan;
  private final Value.Input images;
  private final byte[] batch;
  private final float[] logitValues;
  private final float[] featureValues;

  Inference(Learner learner, int miniBatch, int sourceHeight, int sourceWidth) {
    this.learner = learner;
    this.miniBatch = miniBatch;
    Network network = learner.network();
    imageBytes = network.channels() * sourceHeight * sourceWidth;
    Graph.Builder graph = Graph.builder();
    images =
        graph.input(
            "images", TensorType.u8(miniBatch, network.channels(), sourceHeight, sourceWidth));
    Value.Input augment = graph.input("augment", TensorType.i32(miniBatch, 3));
    Value normalized =
        graph.one(learner.preprocessing().op(network.height(), network.width()), images, augment);
    Network.Forward forward =
        network.forward(graph, normalized, Norms.fixed(), learner.variables());
    graph.output(LOGITS, forward.logits());
    graph.output(FEATURES, forward.features());
    plan = learner.compile(graph.build());
    plan.write(
        augment,
        centred(
            miniBatch, (sourceHeight - network.height()) / 2, (sourceWidth - network.width()) / 2));
    batch = new byte[miniBatch * imageBytes];
    logitValues = new float[miniBatch * network.classes()];
    featureValues = new float[miniBatch * network.featureSize()];
  }

  private static int[] centred(int miniBatch, int top, int left) {
    int[] augment = new int[miniBatch * 3];
    for (int i = 0; i < miniBatch; i++) {
      augment[3 * i + 1] = top;
      augment[3 * i + 2] = left;
    }
    return augment;
  }

  /** The most images one run takes. */
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
    if (rows < 1 || rows > miniBatch || images.length < rows * imageBytes) {
      throw new IllegalArgumentException(
          "rows must be 1 to "
              + miniBatch
              + " with "
              + imageBytes
              + " bytes each, got "
              + rows
              + " rows in "
              + images.length
              + " bytes");
    }
    System.arraycopy(images, 0, batch, 0, rows * imageBytes);
    Arrays.fill(batch, rows * imageBytes, batch.length, (byte) 0);
    plan.write(this.images, batch);
    plan.run();
    read(LOGITS, logitValues, logits, rows * learner.network().classes());
    read(FEATURES, featureValues, features, rows * learner.network().featureSize());
  }

  /** Runs the network on images for their logits alone. */
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
  public long bytes() {
    return plan.bytes() + batch.length + 4L * (logitValues.length + featureValues.length);
  }

  @Override
  public void close() {
    learner.release(plan);
  }
}
