package dev.accrete.bench.peers;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.accrete.nn.Model;
import dev.accrete.nn.OnnxExport;
import dev.accrete.production.serve.live.Classifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An exported model in ONNX Runtime, behind the server: bytes in, probabilities out. */
public final class OnnxClassifier implements Classifier {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final Model model;
  private final OrtSession session;
  private final ByteBuffer bytes;

  private OnnxClassifier(Model model, int most, int threads) throws OrtException {
    this.model = model;
    bytes = ByteBuffer.allocateDirect(most * imageBytes()).order(ByteOrder.nativeOrder());
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      // Threads that spin would take the processor from those that decode and answer.
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      session = environment.createSession(exported(model), options);
    }
  }

  /** Makes models ready to run on so many threads. */
  public static Classifier.Factory factory(int threads) {
    return (model, most) -> {
      try {
        return new OnnxClassifier(model, most, threads);
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
    };
  }

  private static byte[] exported(Model model) {
    try {
      Path file = Files.createTempFile("accrete-bench", ".onnx");
      try {
        OnnxExport.write(model, file);
        return Files.readAllBytes(file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int imageBytes() {
    return 3 * imageSize() * imageSize();
  }

  @Override
  public List<String> classes() {
    return model.classes();
  }

  @Override
  public int imageSize() {
    return model.network().height();
  }

  @Override
  public double[] probabilities(byte[] pixels, int rows) {
    bytes.clear();
    bytes.put(pixels, 0, rows * imageBytes());
    bytes.flip();
    long[] shape = {rows, 3, imageSize(), imageSize()};
    try (OnnxTensor images =
            OnnxTensor.createTensor(environment, bytes, shape, OnnxJavaType.UINT8);
        OrtSession.Result result = session.run(Map.of(OnnxExport.IMAGES, images))) {
      OnnxTensor answer = (OnnxTensor) result.get(OnnxExport.PROBABILITIES).orElseThrow();
      float[] floats = new float[rows * classes().size()];
      answer.getFloatBuffer().get(floats);
      double[] probabilities = new double[floats.length];
      for (int i = 0; i < floats.length; i++) {
        probabilities[i] = floats[i];
      }
      return probabilities;
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
