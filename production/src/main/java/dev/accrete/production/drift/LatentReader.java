package dev.accrete.production.drift;

import dev.accrete.core.Backend;
import dev.accrete.core.Parameters.Parameter;
import dev.accrete.nn.Inference;
import dev.accrete.nn.Learner;
import dev.accrete.nn.Model;
import dev.accrete.nn.Network;
import dev.accrete.nn.Weights;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** What the network of a model sees in images: the features below its head. */
final class LatentReader implements AutoCloseable {
  private static final int TOGETHER = 64;

  private final Learner learner;
  private final Inference inference;
  private final int imageBytes;
  private final int features;

  LatentReader(Model model, Backend backend) {
    Network network = model.network();
    imageBytes = network.channels() * network.height() * network.width();
    features = network.featureSize();
    learner = new Learner(backend, network, model.preprocessing());
    try {
      Weights weights = model.weights();
      learner.initialize(weights.parameters(), weights.moments());
      inference = learner.compileInference(TOGETHER);
    } catch (RuntimeException e) {
      learner.close();
      throw e;
    }
  }

  /** Tells networks apart whose features differ; the head makes no difference. */
  static String source(Model model) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      Parameter head = model.network().head();
      float[] parameters = model.weights().parameters();
      add(digest, Arrays.copyOf(parameters, head.offset()));
      if (head.offset() + head.size() < parameters.length) {
        add(digest, Arrays.copyOfRange(parameters, head.offset() + head.size(), parameters.length));
      }
      add(digest, model.weights().moments());
      return model.architecture()
          + " "
          + model.network().height()
          + " "
          + HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java runtime lacks SHA-256", e);
    }
  }

  private static void add(MessageDigest digest, float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES));
    bytes.asFloatBuffer().put(values);
    digest.update(bytes);
  }

  /** Numbers of a row. */
  int width() {
    return features;
  }

  /**
   * The features of some images: [rows, width].
   *
   * @param pixels u8 planar
   */
  float[] read(byte[] pixels, int rows) {
    float[] all = new float[Math.multiplyExact(rows, features)];
    for (int from = 0; from < rows; from += TOGETHER) {
      int count = Math.min(TOGETHER, rows - from);
      float[] some = new float[count * features];
      byte[] part = Arrays.copyOfRange(pixels, from * imageBytes, (from + count) * imageBytes);
      inference.run(part, count, new float[0], some);
      System.arraycopy(some, 0, all, from * features, some.length);
    }
    return all;
  }

  @Override
  public void close() {
    inference.close();
    learner.close();
  }
}
