package dev.accrete.bench.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.accrete.bench.own.TrainingEngine;
import dev.accrete.bench.work.Engine;
import dev.accrete.bench.work.InferenceWorkload;
import dev.accrete.bench.work.Worker;
import dev.accrete.bench.work.Workload;
import dev.accrete.nn.MobileNetV1;
import dev.accrete.nn.Network;
import dev.accrete.nn.OnnxExport;
import dev.accrete.nn.Preprocessing;
import dev.accrete.nn.Weights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The forward pass of MobileNetV1 in ONNX Runtime, with our weights, on our images as floats. */
public final class OnnxInference implements Engine {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final OnnxTensor images;
  private float[] logits = {};

  private OnnxInference(InferenceWorkload workload) throws OrtException {
    Network network = MobileNetV1.of(workload.width(), Workload.CLASSES, workload.size());
    byte[] model =
        OnnxExport.network(network, Weights.initial(network, Workload.SEED), workload.miniBatch());
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(workload.threads());
      options.setInterOpNumThreads(1);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      session = environment.createSession(model, options);
    }
    long[] shape = {workload.miniBatch(), 3, workload.size(), workload.size()};
    images =
        OnnxTensor.createTensor(
            environment,
            normalized(TrainingEngine.images(network, workload.miniBatch()), network),
            shape);
  }

  /**
   * Measures.
   *
   * @param arguments see {@link Worker#run}
   */
  public static void main(String[] arguments) throws IOException {
    Worker.run(arguments, OnnxInference::create);
  }

  private static OnnxInference create(Workload workload) {
    if (!(workload instanceof InferenceWorkload inference)) {
      throw new IllegalArgumentException("ONNX Runtime is asked for inference alone");
    }
    try {
      return new OnnxInference(inference);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  private static FloatBuffer normalized(byte[] pixels, Network network) {
    Preprocessing preprocessing = Preprocessing.imageNet();
    FloatBuffer floats =
        ByteBuffer.allocateDirect(4 * pixels.length).order(ByteOrder.nativeOrder()).asFloatBuffer();
    int plane = network.height() * network.width();
    for (int i = 0; i < pixels.length; i++) {
      int channel = i / plane % network.channels();
      float mean = preprocessing.mean().get(channel);
      floats.put(i, ((pixels[i] & 0xFF) - mean) / preprocessing.std().get(channel));
    }
    return floats;
  }

  @Override
  public String name() {
    return "ONNX Runtime " + environment.getVersion();
  }

  @Override
  public double run() {
    try (OrtSession.Result result = session.run(Map.of(OnnxExport.IMAGES, images))) {
      FloatBuffer read = ((OnnxTensor) result.get(0)).getFloatBuffer();
      logits = new float[read.remaining()];
      read.get(logits);
      return 0;
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The logits of the last image. */
  @Override
  public List<List<Double>> proof() {
    List<Double> last = new ArrayList<>();
    for (int i = logits.length - Workload.CLASSES; i < logits.length; i++) {
      last.add((double) logits[i]);
    }
    return List.of(last);
  }

  @Override
  public void close() {
    images.close();
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
