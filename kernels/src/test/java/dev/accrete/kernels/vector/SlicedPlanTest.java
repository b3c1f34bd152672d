package dev.accrete.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.Rng;
import dev.accrete.core.Shape;
import dev.accrete.core.Store;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.Variable;
import dev.accrete.core.op.Add;
import dev.accrete.core.op.BatchNormInference;
import dev.accrete.core.op.Conv2d;
import dev.accrete.core.op.GlobalAveragePool;
import dev.accrete.core.op.MatMul;
import dev.accrete.core.op.NormalizeImage;
import dev.accrete.core.op.Op;
import dev.accrete.core.op.Pointwise;
import dev.accrete.core.op.Reshape;
import dev.accrete.core.op.SoftmaxCrossEntropy;
import dev.accrete.kernels.reference.ReferenceBackend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Inference in slices of the images: the same bits as every image alone. */
class SlicedPlanTest {
  private static final int SIZE = 40;
  private static final int CLASSES = 5;
  private static final int CHANNELS = 19;

  /** A small network of everything that treats images alone. */
  private static final class Network {
    final List<Variable> variables = new ArrayList<>();
    final Graph.Builder builder = Graph.builder();
    final Value.Input images;
    final Value.Input augment;

    Network(int count) {
      images = builder.input("images", TensorType.u8(count, 3, SIZE, SIZE));
      augment = builder.input("augment", TensorType.i32(count, 3));
      Op normalize =
          new NormalizeImage(List.of(120f, 110f, 130f), List.of(60f, 55f, 7f), SIZE, SIZE);
      Value x = builder.one(normalize, images, augment);
      x = normalized(builder.one(Conv2d.of(1, 1), x, weight(CHANNELS, 3, 3, 3)));
      x = normalized(builder.one(Conv2d.depthwise(CHANNELS, 1, 1), x, weight(CHANNELS, 1, 3, 3)));
      Value y = normalized(builder.one(Conv2d.of(1, 0), x, weight(CHANNELS, CHANNELS, 1, 1)));
      Value features = builder.one(new GlobalAveragePool(), builder.one(new Add(), x, y));
      Value same = builder.one(new Reshape(Shape.of(count, CHANNELS, 1, 1)), features);
      Value flat = builder.one(new Reshape(Shape.of(count, CHANNELS)), same);
      builder.output("maps", y);
      builder.output(
          "logits", builder.one(new MatMul(false, true), flat, weight(CLASSES, CHANNELS)));
    }

    private Value normalized(Value x) {
      Op norm = new BatchNormInference(1e-5f);
      return builder.one(
          Pointwise.RELU,
          builder.one(
              norm, x, weight(CHANNELS), weight(CHANNELS), weight(CHANNELS), weight(CHANNELS)));
    }

    private Value weight(int... extents) {
      Variable variable = new Variable("v" + variables.size(), TensorType.f32(extents));
      variables.add(variable);
      return new Value.View(variable, 0, variable.type());
    }

    Store store(Backend backend) {
      Store store = backend.allocate(variables);
      Rng rng = Rng.of(3, 1);
      for (Variable variable : variables) {
        float[] values = new float[variable.type().shape().size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = 0.1f + rng.nextFloat();
        }
        store.write(variable, values);
      }
      return store;
    }
  }

  private static List<float[]> run(Backend backend, int count, boolean sliced, byte[] pixels) {
    Network network = new Network(count);
    try (Store store = network.store(backend);
        Plan plan = backend.compile(network.builder.build(), store)) {
      assertThat(plan instanceof SlicedPlan).isEqualTo(sliced);
      plan.write(network.images, pixels);
      plan.write(network.augment, augment(count));
      plan.run();
      plan.run();
      return results(plan);
    }
  }

  private static List<float[]> results(Plan plan) {
    return List.of(plan.read("maps"), plan.read("logits"));
  }

  /** Every second image flipped; moved a little. */
  private static int[] augment(int count) {
    int[] augment = new int[3 * count];
    for (int i = 0; i < augment.length; i++) {
      augment[i] = i % 3 == 0 ? i % 2 : i % 5 - 2;
    }
    return augment;
  }

  private static byte[] pixels(int count) {
    byte[] pixels = new byte[count * 3 * SIZE * SIZE];
    Rng rng = Rng.of(4, 1);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) rng.nextInt(256);
    }
    return pixels;
  }

  @ParameterizedTest
  @CsvSource({"70, 1", "71, 1", "32, 2", "7, 2", "33, 3", "2, 2", "4, 3"})
  void slicesGiveTheBitsOfTheWhole(int count, int threads) {
    byte[] pixels = pixels(count);
    Graph graph = new Network(count).builder.build();
    Network network = new Network(count);
    List<float[]> whole;
    try (VectorBackend backend = new VectorBackend(new BackendOptions(2));
        Store store = network.store(backend);
        Plan plan = backend.compileWhole(graph, store)) {
      plan.write(network.images, pixels);
      plan.write(network.augment, augment(count));
      plan.run();
      whole = results(plan);
    }
    try (Backend backend = new VectorBackend(new BackendOptions(threads))) {
      List<float[]> sliced = run(backend, count, true, pixels);
      assertThat(sliced.get(0)).isEqualTo(whole.get(0));
      assertThat(sliced.get(1)).isEqualTo(whole.get(1));
    }
  }

  /** 8 images have enough tiles for Winograd's filtering, slices of them do not. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void kernelsAreChosenByTheImagesOfAllSlices(int threads) {
    Variable weight = new Variable("w", TensorType.f32(64, 64, 3, 3));
    Graph.Builder builder = Graph.builder();
    Value.Input x = builder.input("x", TensorType.f32(8, 64, 8, 8));
    builder.output("y", builder.one(Conv2d.of(1, 1), x, new Value.View(weight, 0, weight.type())));
    Graph graph = builder.build();
    List<float[]> results = new ArrayList<>();
    try (VectorBackend backend = new VectorBackend(new BackendOptions(threads));
        Store store = backend.allocate(List.of(weight));
        Plan whole = backend.compileWhole(graph, store);
        Plan sliced = backend.compile(graph, store)) {
      assertThat(sliced).isInstanceOf(SlicedPlan.class);
      store.write(weight, uniform(weight.type(), 1));
      for (Plan plan : List.of(whole, sliced)) {
        plan.write(x, uniform(x.type(), 2));
        plan.run();
        results.add(plan.read("y"));
      }
    }
    assertThat(results.get(1)).isEqualTo(results.get(0));
  }

  private static float[] uniform(TensorType type, int stream) {
    Rng rng = Rng.of(5, stream);
    float[] values = new float[type.shape().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = rng.nextFloat() - 0.5f;
    }
    return values;
  }

  @Test
  void agreesWithReference() {
    byte[] pixels = pixels(9);
    try (Backend vector = new VectorBackend(new BackendOptions(2));
        Backend reference = new ReferenceBackend()) {
      float[] actual = run(vector, 9, true, pixels).get(1);
      float[] expected = run(reference, 9, false, pixels).get(1);
      double most = 0;
      for (float logit : expected) {
        most = Math.max(most, Math.abs((double) logit));
      }
      for (int i = 0; i < expected.length; i++) {
        assertThat((double) actual[i]).isCloseTo(expected[i], within(1e-5 * most));
      }
    }
  }

  @Test
  void changedWeightsCount() {
    Network network = new Network(8);
    Graph graph = network.builder.build();
    try (VectorBackend backend = new VectorBackend(new BackendOptions(2));
        Store store = network.store(backend);
        Plan plan = backend.compile(graph, store);
        Plan whole = backend.compileWhole(graph, store)) {
      plan.write(network.images, pixels(8));
      whole.write(network.images, pixels(8));
      plan.run();
      float[] before = plan.read("logits");
      for (Variable variable : network.variables) {
        float[] values = store.read(variable);
        store.write(variable, scaled(values));
      }
      plan.run();
      whole.run();
      assertThat(plan.read("logits")).isNotEqualTo(before).isEqualTo(whole.read("logits"));
    }
  }

  private static float[] scaled(float[] values) {
    float[] scaled = Arrays.copyOf(values, values.length);
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= 1.5f;
    }
    return scaled;
  }

  @Test
  void whatLooksAtOtherImagesIsNotCut() {
    Graph.Builder builder = Graph.builder();
    Value logits = builder.input("logits", TensorType.f32(64, CLASSES));
    Value labels = builder.input("labels", TensorType.i32(64));
    Value mask = builder.input("mask", TensorType.f32(CLASSES));
    Op loss = new SoftmaxCrossEntropy(0f);
    builder.output("loss", builder.apply(loss, logits, labels, mask).get(0));
    try (Backend backend = new VectorBackend(new BackendOptions(2));
        Plan plan = backend.compile(builder.build())) {
      assertThat(plan).isInstanceOf(VectorPlan.class);
    }
  }

  @Test
  void numbersThatComeOutAsTheyWentInAreNotCut() {
    Graph.Builder builder = Graph.builder();
    Value x = builder.input("x", TensorType.f32(64, CLASSES));
    Value.Input labels = builder.input("labels", TensorType.i32(64));
    builder.output("sum", builder.apply(new Add(), x, x).get(0));
    builder.output("labels", labels);
    int[] numbers = IntStream.range(0, 64).toArray();
    try (Backend backend = new VectorBackend(new BackendOptions(2));
        Plan plan = backend.compile(builder.build())) {
      plan.write(labels, numbers);
      plan.run();
      int[] read = new int[64];
      plan.read("labels", read);
      assertThat(read).containsExactly(numbers);
    }
  }

  /** A ledger tells it, which must not depend on the machine. */
  @ParameterizedTest
  @ValueSource(ints = {3, 8, 24, 40})
  void memoryIsTheSameForAnyNumberOfThreads(int images) {
    Network network = new Network(images);
    Set<Long> bytes = new HashSet<>();
    for (int threads = 1; threads <= 4; threads++) {
      try (Backend backend = new VectorBackend(new BackendOptions(threads));
          Store store = network.store(backend);
          Plan plan = backend.compile(network.builder.build(), store)) {
        bytes.add(plan.bytes());
      }
    }
    assertThat(bytes).hasSize(1);
  }

  @Test
  void refusesWhatDoesNotFit() {
    Network network = new Network(8);
    try (Backend backend = new VectorBackend(new BackendOptions(2));
        Store store = network.store(backend)) {
      Plan plan = backend.compile(network.builder.build(), store);
      assertThat(plan).isInstanceOf(SlicedPlan.class);
      assertThat(plan.bytes()).isPositive();
      assertThatThrownBy(() -> plan.write(network.images, new byte[5]))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> plan.read("logits", new double[8 * CLASSES]))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> plan.read("other", new float[1]))
          .isInstanceOf(IllegalArgumentException.class);
      plan.close();
      assertThatThrownBy(plan::run).isInstanceOf(IllegalStateException.class);
    }
  }
}
