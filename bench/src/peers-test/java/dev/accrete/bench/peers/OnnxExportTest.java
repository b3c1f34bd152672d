package dev.accrete.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.core.Graph;
import dev.accrete.core.Parameters;
import dev.accrete.core.Plan;
import dev.accrete.core.Rng;
import dev.accrete.core.Shape;
import dev.accrete.core.Store;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.op.Add;
import dev.accrete.core.op.Fill;
import dev.accrete.core.op.PointFunction;
import dev.accrete.core.op.Pool2d;
import dev.accrete.nn.Backbones;
import dev.accrete.nn.LayerMoments;
import dev.accrete.nn.LayerSet;
import dev.accrete.nn.Model;
import dev.accrete.nn.ModelSpec;
import dev.accrete.nn.Network;
import dev.accrete.nn.Norms;
import dev.accrete.nn.OnnxExport;
import dev.accrete.nn.Predictor;
import dev.accrete.nn.Preprocessing;
import dev.accrete.nn.Variables;
import dev.accrete.nn.Weights;
import dev.accrete.nn.layer.Activation;
import dev.accrete.nn.layer.Convolution;
import dev.accrete.nn.layer.Declarations;
import dev.accrete.nn.layer.Dropout;
import dev.accrete.nn.layer.Flatten;
import dev.accrete.nn.layer.Layer;
import dev.accrete.nn.layer.Linear;
import dev.accrete.nn.layer.Norm;
import dev.accrete.nn.layer.Pool;
import dev.accrete.nn.layer.Scope;
import dev.accrete.nn.layer.Sequence;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Exported models in ONNX Runtime give what they give here. */
class OnnxExportTest {
  private static final List<String> CLASSES = List.of("cup", "große Tasse", "🥤", "d", "e");
  private static final double TOLERANCE = 1e-5;

  @TempDir Path folder;

  private static Model model(String architecture, int size) {
    Network network = ModelSpec.parse(architecture, size, CLASSES.size());
    Weights weights =
        Backbones.find(network)
            .map(backbone -> backbone.weights(network, 3))
            .orElseGet(() -> lively(network));
    Model first = Model.of(architecture, size, CLASSES, weights, Preprocessing.imageNet());
    double factor = 3 / span(first);
    Parameters.Parameter head = network.head();
    for (int i = head.offset(); i < head.offset() + head.size(); i++) {
      weights.parameters()[i] *= (float) factor;
    }
    return Model.of(architecture, size, CLASSES, weights, Preprocessing.imageNet())
        .withProvenance(Map.of("strategy", "none"));
  }

  /** How far apart the scores of two classes are, at most. */
  private static double span(Model model) {
    double divisor = 1e5;
    byte[] pixels = pixels(model, 2);
    try (Backend backend = Backends.create(Backends.AUTO, new BackendOptions(2));
        Predictor predictor = model.withTemperature((float) divisor).open(backend)) {
      double[] both = predictor.probabilities(pixels, 2);
      int classes = CLASSES.size();
      return IntStream.range(0, both.length)
          .mapToDouble(i -> divisor * Math.abs(Math.log(both[i] / both[i / classes * classes])))
          .max()
          .orElseThrow();
    }
  }

  private static byte[] pixels(Model model, int rows) {
    int bytes = model.network().channels() * model.network().height() * model.network().width();
    byte[] pixels = new byte[rows * bytes];
    Rng rng = Rng.of(5, 0);
    for (int i = 0; i < pixels.length; i++) {
      // Noise around a shade of its own for each image: the means of noise alone are all the same.
      pixels[i] = (byte) (rng.nextInt(64) + 48 * (i / bytes % 4));
    }
    return pixels;
  }

  /** New weights with biases, shifts and moments that do something but leave images apart. */
  private static Weights lively(Network network) {
    Weights weights = Weights.initial(network, 3);
    Rng rng = Rng.of(4, 0);
    for (Parameters.Parameter parameter : network.parameters().all()) {
      for (int i = parameter.offset(); i < parameter.offset() + parameter.size(); i++) {
        weights.parameters()[i] *= 1 + 0.2f * (rng.nextFloat() - 0.5f);
        weights.parameters()[i] += 0.02f * (rng.nextFloat() - 0.5f);
      }
    }
    for (Parameters.Parameter moment : network.moments().all()) {
      boolean mean = moment.role() == Parameters.Role.MOVING_MEAN;
      for (int i = moment.offset(); i < moment.offset() + moment.size(); i++) {
        weights.moments()[i] = mean ? 0.1f * (rng.nextFloat() - 0.5f) : 0.5f + rng.nextFloat();
      }
    }
    return weights;
  }

  private static Model calibrated(String architecture, int size) {
    return model(architecture, size).withBias(0.5f, -1, 0, 0.25f, 1).withTemperature(2.5f);
  }

  private static Model onMoments(String architecture, int size, LayerSet set, boolean mirrored) {
    Model model = calibrated(architecture, size);
    LayerMoments moments = LayerMoments.of(model.network(), set);
    float[] head = new float[CLASSES.size() * moments.size(model.network())];
    Rng rng = Rng.of(9, 0);
    for (int i = 0; i < head.length; i++) {
      head[i] = rng.nextFloat() - 0.5f;
    }
    double factor = 3 / span(model.withMoments(moments, mirrored, head).withTemperature(1));
    for (int i = 0; i < head.length; i++) {
      head[i] *= (float) factor;
    }
    return model.withMoments(moments, mirrored, head);
  }

  static Stream<Model> models() {
    return Stream.of(
        model("mobilenet-v1:0.5", 32),
        calibrated("mobilenet-v1:0.25", 48),
        model("resnet:14", 16),
        calibrated("resnet:8", 15),
        model("mlp:32", 8),
        calibrated("mlp:16", 8),
        model("small-cnn", 8),
        calibrated("small-cnn", 9),
        calibrated("caffenet", 64),
        onMoments("mobilenet-v1:0.5", 32, LayerSet.S, true),
        onMoments("mobilenet-v1:0.25", 32, LayerSet.M, false),
        onMoments("mobilenet-v1:0.25", 32, LayerSet.LAST, true),
        onMoments("resnet:8", 16, LayerSet.M, true),
        onMoments("small-cnn", 8, LayerSet.S, false),
        onMoments("caffenet", 67, LayerSet.S, true),
        onMoments("mlp:16", 8, LayerSet.LAST, true));
  }

  @ParameterizedTest
  @MethodSource("models")
  void probabilitiesAreThePredictors(Model model) throws OrtException {
    Path file = folder.resolve("model.onnx");
    OnnxExport.write(model, file);
    Network network = model.network();
    int most = 5;
    byte[] pixels = pixels(model, most);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(file.toString());
        Backend backend = Backends.create(Backends.AUTO, new BackendOptions(2));
        Predictor predictor = model.open(backend)) {
      for (int rows : new int[] {most, 1, 2}) {
        long[] shape = {rows, 3, network.height(), network.width()};
        ByteBuffer bytes =
            ByteBuffer.allocateDirect((int) (shape[0] * shape[1] * shape[2] * shape[3]));
        bytes.put(pixels, 0, bytes.capacity()).flip();
        try (OnnxTensor images =
                OnnxTensor.createTensor(environment, bytes, shape, OnnxJavaType.UINT8);
            OrtSession.Result result = session.run(Map.of(OnnxExport.IMAGES, images))) {
          double[] expected = predictor.probabilities(pixels, rows);
          float[] probabilities = floats(result, OnnxExport.PROBABILITIES);
          float[] scores = floats(result, OnnxExport.SCORES);
          assertThat(probabilities).hasSameSizeAs(expected);
          for (int i = 0; i < expected.length; i++) {
            assertThat((double) probabilities[i]).isCloseTo(expected[i], within(TOLERANCE));
            int first = i / CLASSES.size() * CLASSES.size();
            double ratio = Math.log(expected[i] / expected[first]);
            assertThat((double) scores[i] - scores[first]).isCloseTo(ratio, within(1e-3));
          }
        }
      }
    }
  }

  /** Otherwise agreement would say little: all models would answer the same. */
  @Test
  void theModelsOfTheTestTellImagesApart() {
    List<Model> models = models().toList();
    try (Backend backend = Backends.create(Backends.AUTO, new BackendOptions(2))) {
      for (Model model : models) {
        byte[] pixels = pixels(model, 2);
        try (Predictor predictor = model.open(backend)) {
          double[] both = predictor.probabilities(pixels, 2);
          double largest =
              IntStream.range(0, CLASSES.size())
                  .mapToDouble(k -> Math.abs(both[k] - both[CLASSES.size() + k]))
                  .max()
                  .orElseThrow();
          assertThat(largest).as(model.toString()).isGreaterThan(1e-2);
        }
      }
    }
  }

  @Test
  void theMetadataTellWhatTheModelIs() throws OrtException {
    Model model = onMoments("small-cnn", 8, LayerSet.S, true);
    Path file = folder.resolve("model.onnx");
    OnnxExport.write(model, file);
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString())) {
      Map<String, String> metadata = session.getMetadata().getCustomMetadata();
      assertThat(metadata)
          .containsEntry(
              "classes", "[\"cup\",\"gro\\u00DFe Tasse\",\"\\uD83E\\uDD64\",\"d\",\"e\"]")
          .containsEntry("architecture", "small-cnn")
          .containsEntry("mirrored", "true")
          .containsEntry("provenance.strategy", "none")
          .containsEntry("modelSha256", model.digest());
      assertThat(session.getInputNames()).containsExactly(OnnxExport.IMAGES);
      assertThat(session.getOutputNames())
          .containsExactlyInAnyOrder(OnnxExport.PROBABILITIES, OnnxExport.SCORES);
    }
  }

  /** Adds a number, as a layer from outside might. */
  private record Shift(String name, float by) implements Layer {
    @Override
    public Shape declare(Declarations declarations, Shape input) {
      return input;
    }

    @Override
    public Value forward(Scope scope, Value x) {
      return scope.apply(new Add(), x, scope.apply(new Fill(by, x.type().shape())));
    }
  }

  static Stream<Layer> layers() {
    List<Layer> layers = new ArrayList<>();
    for (PointFunction function : PointFunction.values()) {
      layers.add(new Activation(function.label(), function));
    }
    for (Pool2d.Kind kind : Pool2d.Kind.values()) {
      for (boolean ceil : new boolean[] {false, true}) {
        layers.add(new Pool("pool", new Pool2d(kind, 3, 2, 0, ceil)));
        layers.add(new Pool("pool", new Pool2d(kind, 3, 2, 1, ceil)));
        layers.add(new Pool("pool", new Pool2d(kind, 2, 3, 1, ceil)));
      }
    }
    layers.add(new Dropout("drop", 0.5f));
    layers.add(new Shift("shift", 0.75f));
    layers.add(new Convolution("conv2", 8, 3, 2, 1, 2));
    return layers.stream();
  }

  @ParameterizedTest
  @MethodSource("layers")
  void layersDoTheSame(Layer layer) throws OrtException {
    Network network =
        Network.of(
            "odd",
            Shape.of(3, 10, 12),
            List.of(
                Convolution.of("conv", 4, 3, 1, 1),
                layer,
                new Flatten("flatten"),
                Sequence.of("fc", Linear.of("fc", 16), Norm.of("fc"))),
            "head",
            7);
    Weights weights = Weights.initial(network, 1);
    int rows = 3;
    float[] images = new float[rows * 3 * 10 * 12];
    Rng rng = Rng.of(2, 0);
    for (int i = 0; i < images.length; i++) {
      images[i] = 4 * rng.nextFloat() - 2;
    }
    float[] expected = new float[rows * 7];
    Variables variables = network.variables();
    Graph.Builder graph = Graph.builder();
    Value.Input input = graph.input("x", TensorType.f32(rows, 3, 10, 12));
    graph.output("y", network.forward(graph, input, Norms.fixed(), variables).logits());
    try (Backend backend = Backends.create("reference", BackendOptions.defaults());
        Store store = backend.allocate(List.of(variables.weights(), variables.moments()))) {
      store.write(variables.weights(), weights.parameters());
      store.write(variables.moments(), weights.moments());
      try (Plan plan = backend.compile(graph.build(), store)) {
        plan.write(input, images);
        plan.run();
        plan.read("y", expected);
      }
    }
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    FloatBuffer buffer =
        ByteBuffer.allocateDirect(4 * images.length).order(ByteOrder.nativeOrder()).asFloatBuffer();
    buffer.put(images).flip();
    try (OrtSession session =
            environment.createSession(OnnxExport.network(network, weights, rows));
        OnnxTensor x = OnnxTensor.createTensor(environment, buffer, new long[] {rows, 3, 10, 12});
        OrtSession.Result result = session.run(Map.of(OnnxExport.IMAGES, x))) {
      assertThat(floats(result, OnnxExport.LOGITS)).containsExactly(expected, within(1e-4f));
    }
  }

  private static float[] floats(OrtSession.Result result, String name) {
    FloatBuffer read = ((OnnxTensor) result.get(name).orElseThrow()).getFloatBuffer();
    float[] values = new float[read.remaining()];
    read.get(values);
    return values;
  }
}
