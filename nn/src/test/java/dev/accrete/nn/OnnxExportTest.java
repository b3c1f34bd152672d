package dev.accrete.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.Graph;
import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Plan;
import dev.accrete.core.Rng;
import dev.accrete.core.Shape;
import dev.accrete.core.Store;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.Variable;
import dev.accrete.core.op.Add;
import dev.accrete.core.op.AddBias;
import dev.accrete.core.op.Fill;
import dev.accrete.core.op.LocalResponseNorm;
import dev.accrete.core.op.PointFunction;
import dev.accrete.core.op.Pool2d;
import dev.accrete.core.op.Reshape;
import dev.accrete.nn.layer.Activation;
import dev.accrete.nn.layer.Bias;
import dev.accrete.nn.layer.Convolution;
import dev.accrete.nn.layer.Declarations;
import dev.accrete.nn.layer.Dropout;
import dev.accrete.nn.layer.Flatten;
import dev.accrete.nn.layer.Layer;
import dev.accrete.nn.layer.Linear;
import dev.accrete.nn.layer.LocalResponse;
import dev.accrete.nn.layer.Norm;
import dev.accrete.nn.layer.Pool;
import dev.accrete.nn.layer.Scope;
import dev.accrete.nn.layer.Sequence;
import dev.accrete.nn.onnx.OnnxFile;
import dev.accrete.nn.onnx.OnnxInterpreter;
import dev.accrete.nn.onnx.OnnxTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxExportTest {
  @TempDir Path folder;

  private OnnxFile written(Model model) throws IOException {
    Path file = folder.resolve("model.onnx");
    OnnxExport.write(model, file);
    return new OnnxFile(Files.readAllBytes(file));
  }

  static Stream<Model> models() {
    return Stream.of(
        LivelyModels.plain("mobilenet-v1:0.5", 32),
        LivelyModels.calibrated("resnet:8", 9),
        LivelyModels.plain("mlp:16", 8),
        LivelyModels.calibrated("small-cnn", 7),
        LivelyModels.onMoments("mobilenet-v1:0.5", 32, LayerSet.M, true),
        LivelyModels.onMoments("small-cnn", 8, LayerSet.S, false),
        LivelyModels.onMoments("resnet:8", 8, LayerSet.LAST, true),
        LivelyModels.onMoments("mlp:16", 8, LayerSet.LAST, true));
  }

  @ParameterizedTest
  @MethodSource("models")
  void whatItComputesIsWhatThePredictorGives(Model model) throws IOException {
    OnnxFile file = written(model);
    assertThat(file.faults()).isEmpty();
    int classes = model.classes().size();
    OnnxInterpreter interpreter = new OnnxInterpreter(file);
    byte[] pixels = LivelyModels.pixels(model, 2);
    Network network = model.network();
    try (Backend backend = TestBackends.reference();
        Predictor predictor = model.open(backend, 2)) {
      for (int rows = 2; rows > 0; rows--) {
        double[] images =
            IntStream.range(0, rows * network.input().size())
                .mapToDouble(i -> pixels[i] & 255)
                .toArray();
        int[] extents = {rows, network.channels(), network.height(), network.width()};
        interpreter.run(new OnnxTensor(extents, images));
        double[] expected = predictor.probabilities(pixels, rows);
        OnnxTensor probabilities = interpreter.value(OnnxExport.PROBABILITIES);
        assertThat(probabilities.extents()).containsExactly(rows, classes);
        assertThat(probabilities.values()).containsExactly(expected, within(1e-5));
        double[] scores = interpreter.value(OnnxExport.SCORES).values();
        for (int i = 0; i < scores.length; i++) {
          int first = i / classes * classes;
          assertThat(scores[i] - scores[first])
              .isCloseTo(Math.log(expected[i] / expected[first]), within(1e-4));
        }
      }
      double[] both = predictor.probabilities(pixels, 2);
      double[] differences =
          IntStream.range(0, classes)
              .mapToDouble(k -> Math.abs(both[k] - both[classes + k]))
              .toArray();
      assertThat(Arrays.stream(differences).max().orElseThrow()).isGreaterThan(1e-2);
    }
  }

  @Test
  void theFileDescribesItself() throws IOException {
    Model model = LivelyModels.onMoments("small-cnn", 8, LayerSet.S, true);
    OnnxFile file = written(model);
    assertThat(file.irVersion()).isEqualTo(8);
    assertThat(file.operatorSet()).isEqualTo(17);
    assertThat(file.inputs())
        .containsExactly(new OnnxFile.Port("images", 2, List.of("N", "3", "8", "8")));
    assertThat(file.outputs())
        .containsExactly(
            new OnnxFile.Port("probabilities", 1, List.of("N", "4")),
            new OnnxFile.Port("scores", 1, List.of("N", "4")));
    assertThat(file.metadata())
        .containsEntry("architecture", "small-cnn")
        .containsEntry("imageSize", "8")
        .containsEntry("mean", "[123.675,116.28,103.53]")
        .containsEntry("std", "[58.395,57.12,57.375]")
        .containsEntry("channelOrder", "RGB")
        .containsEntry("temperature", "1.5")
        .containsEntry("features", "conv1:mean+std,conv2:mean+std,conv3:mean")
        .containsEntry("mirrored", "true")
        .containsEntry("provenance.strategy", "none")
        .containsEntry("provenance.days", "3")
        .containsEntry("modelSha256", model.digest());
    String classes = file.metadata().getOrDefault("classes", "");
    assertThat(classes).isASCII();
    assertThat(new ObjectMapper().readValue(classes, String[].class))
        .containsExactlyElementsOf(LivelyModels.CLASSES);
  }

  @Test
  void everyLayerAndWeightIsThereOnce() throws IOException {
    Network network = MobileNetV1.of(0.25, 3, 16);
    Weights own = LivelyModels.weights(network);
    Model model =
        Model.of("mobilenet-v1:0.25", 16, List.of("a", "b", "c"), own, Preprocessing.imageNet());
    OnnxFile file = written(model);
    assertThat(Collections.frequency(file.operators(), "Conv")).isEqualTo(27);
    assertThat(Collections.frequency(file.operators(), "BatchNormalization")).isEqualTo(27);
    assertThat(Collections.frequency(file.operators(), "Relu")).isEqualTo(27);
    assertThat(Collections.frequency(file.operators(), "Gemm")).isEqualTo(1);
    Map<String, OnnxTensor> initializers = file.initializers();
    for (Parameter parameter : network.parameters().all()) {
      assertWeights(initializers, parameter, own.parameters());
    }
    for (Parameter moment : network.moments().all()) {
      assertWeights(initializers, moment, own.moments());
    }
    int weights = network.parameters().count() + network.moments().count();
    int stored = initializers.values().stream().mapToInt(t -> t.values().length).sum();
    assertThat(stored).isBetween(weights, weights + 10);
  }

  private static void assertWeights(
      Map<String, OnnxTensor> initializers, Parameter parameter, float[] flat) {
    OnnxTensor stored =
        Objects.requireNonNull(initializers.get(parameter.name()), parameter.name());
    assertThat(stored.extents()).containsExactly(parameter.shape().toArray());
    assertThat(stored.values())
        .isEqualTo(
            IntStream.range(0, parameter.size())
                .mapToDouble(i -> flat[parameter.offset() + i])
                .toArray());
  }

  @Test
  void equalModelsGiveEqualFilesAndOthersDoNot() throws IOException {
    Path one = folder.resolve("one.onnx");
    Path two = folder.resolve("two.onnx");
    OnnxExport.write(LivelyModels.calibrated("small-cnn", 8), one);
    OnnxExport.write(LivelyModels.calibrated("small-cnn", 8), two);
    assertThat(one).hasSameBinaryContentAs(two);
    OnnxExport.write(LivelyModels.calibrated("small-cnn", 8).withTemperature(2), two);
    assertThat(Files.mismatch(one, two)).isNotNegative();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactlyInAnyOrder(one, two);
    }
  }

  /** As somebody might write a layer. */
  private record Custom(String name, BiFunction<Scope, Value, Value> ops) implements Layer {
    @Override
    public Shape declare(Declarations declarations, Shape input) {
      return input;
    }

    @Override
    public Value forward(Scope scope, Value x) {
      return ops.apply(scope, x);
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
    layers.add(new Convolution("conv2", 8, 3, 2, 1, 2));
    layers.add(new LocalResponse("norm", new LocalResponseNorm(3, 0.5f, 0.75f, 2)));
    layers.add(new Bias("bias"));
    layers.add(
        new Custom(
            "shift",
            (scope, x) -> scope.apply(new Add(), x, scope.apply(new Fill(2, x.type().shape())))));
    layers.add(
        new Custom(
            "bias",
            (scope, x) ->
                scope.apply(
                    new AddBias(),
                    x,
                    scope.apply(new Fill(2, Shape.of(x.type().shape().dim(1)))))));
    layers.add(
        new Custom(
            "fold",
            (scope, x) -> {
              Shape shape = x.type().shape();
              Shape folded = Shape.of(shape.dim(0) * 2, shape.size() / shape.dim(0) / 2);
              Value there = scope.apply(new Reshape(folded), x);
              Value more = scope.apply(new Add(), there, scope.apply(new Fill(-1, folded)));
              return scope.apply(new Reshape(shape), more);
            }));
    return layers.stream();
  }

  private static Network around(Layer layer) {
    return Network.of(
        "odd",
        Shape.of(3, 10, 12),
        List.of(
            Convolution.of("conv", 4, 3, 1, 1),
            layer,
            new Flatten("flatten"),
            Sequence.of("fc", Linear.of("fc", 16), Norm.of("fc"))),
        "head",
        5);
  }

  @ParameterizedTest
  @MethodSource("layers")
  void layersFromOutsideDoTheSame(Layer layer) {
    Network network = around(layer);
    Weights weights = LivelyModels.weights(network);
    int rows = 3;
    float[] images = new float[rows * network.input().size()];
    Rng rng = Rng.of(2, 0);
    for (int i = 0; i < images.length; i++) {
      images[i] = 4 * rng.nextFloat() - 2;
    }
    OnnxFile file = new OnnxFile(OnnxExport.network(network, weights, rows));
    assertThat(file.faults()).isEmpty();
    assertThat(file.inputs())
        .containsExactly(new OnnxFile.Port("images", 1, List.of("3", "3", "10", "12")));
    double[] input = IntStream.range(0, images.length).mapToDouble(i -> images[i]).toArray();
    double[] logits =
        new OnnxInterpreter(file)
            .run(new OnnxTensor(new int[] {rows, 3, 10, 12}, input))
            .value(OnnxExport.LOGITS)
            .values();
    double[] expected = logits(network, weights, images, rows);
    assertThat(logits).containsExactly(expected, within(1e-4));
    assertThat(expected).doesNotHaveDuplicates();
  }

  private static double[] logits(Network network, Weights weights, float[] images, int rows) {
    Variables variables = network.variables();
    Graph.Builder graph = Graph.builder();
    Value.Input x = graph.input("x", TensorType.f32(rows, 3, network.height(), network.width()));
    graph.output("y", network.forward(graph, x, Norms.fixed(), variables).logits());
    float[] logits = new float[rows * network.classes()];
    try (Backend backend = TestBackends.reference();
        Store store = backend.allocate(List.of(variables.weights(), variables.moments()))) {
      store.write(variables.weights(), weights.parameters());
      store.write(variables.moments(), weights.moments());
      try (Plan plan = backend.compile(graph.build(), store)) {
        plan.write(x, images);
        plan.run();
        plan.read("y", logits);
      }
    }
    return IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).toArray();
  }

  private static void assertNoForm(BiFunction<Scope, Value, Value> ops, String... parts) {
    Network network = around(new Custom("my layer", ops));
    Weights weights = Weights.initial(network, 1);
    assertThatThrownBy(() -> OnnxExport.network(network, weights, 1))
        .isInstanceOf(AccreteException.class)
        .hasMessageStartingWith("layer 'my layer' of odd-10 has no ONNX form: ")
        .hasMessageContaining("export the model as safetensors")
        .hasMessageContainingAll(parts)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void aLayerThatHasNoFormIsNamed() {
    assertNoForm(
        (scope, x) -> {
          Value key = scope.graph().input("key", TensorType.i32(4));
          return scope.apply(new dev.accrete.core.op.Dropout(0.5f), x, key);
        },
        "Dropout is not one of inference");
    assertNoForm(
        (scope, x) -> scope.apply(new Add(), x, scope.graph().input("other", x.type())),
        "an input of its own, other");
    assertNoForm(
        (scope, x) -> {
          float images = x.type().shape().dim(0);
          Value filled = scope.apply(new Fill(images, x.type().shape()));
          return scope.apply(new Add(), x, filled);
        },
        "Fill",
        "for 2 images is",
        "for 3");
    assertNoForm(
        (scope, x) ->
            x.type().shape().dim(0) == 2
                ? x
                : new Activation("r", PointFunction.RELU).forward(scope, x),
        "other ops for 2 images than for 3");
    assertNoForm(
        (scope, x) -> {
          Shape shape = x.type().shape();
          Value other = scope.apply(new Fill(1, Shape.of(shape.dim(0) + 1, 3)));
          scope.graph().output("unused", other);
          return x;
        },
        "a shape in it is 3x3 for 2 images and 4x3 for 3");
    assertNoForm(
        (scope, x) -> {
          Variable bank = new Variable("bank", TensorType.f32(x.type().shape().dim(1)));
          return scope.apply(new AddBias(), x, bank.view());
        },
        "reads bank, which no model holds");
    assertNoForm(
        (scope, x) -> {
          Value doubled = scope.apply(new Add(), x, x);
          return scope.apply(new Add(), x.type().shape().dim(0) == 2 ? x : doubled, doubled);
        },
        "Add reads something else");
  }

  @Test
  void whatCannotBeWrittenLeavesTheOldFile() throws IOException {
    Path old = Files.writeString(folder.resolve("old.onnx"), "precious");
    Model model = LivelyModels.plain("small-cnn", 8);
    assertThatThrownBy(() -> OnnxExport.write(model, folder.resolve("missing/model.onnx")))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("check that the folder exists");
    assertThat(old).hasContent("precious");
    OnnxExport.write(model, old);
    assertThat(new OnnxFile(Files.readAllBytes(old)).faults()).isEmpty();
  }
}
