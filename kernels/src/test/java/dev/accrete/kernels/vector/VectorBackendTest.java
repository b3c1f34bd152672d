package dev.accrete.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.Shape;
import dev.accrete.core.Store;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.Variable;
import dev.accrete.core.op.Add;
import dev.accrete.core.op.BatchNormInference;
import dev.accrete.core.op.Conv2d;
import dev.accrete.core.op.Fill;
import dev.accrete.core.op.MatMul;
import dev.accrete.core.op.Pointwise;
import dev.accrete.core.op.Reshape;
import dev.accrete.kernels.reference.ReferenceBackend;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorBackendTest {
  private final Backend backend = new VectorBackend(new BackendOptions(2));

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void isTheBestBackendHere() {
    try (Backend best = Backends.create(Backends.AUTO, new BackendOptions(2))) {
      assertThat(best.name()).isEqualTo("vector");
      assertThat(best.description()).matches("vector \\((128|256|512)-bit, 2 threads\\)");
    }
  }

  @Test
  void missingModuleIsNamedWithTheFlag() throws IOException, InterruptedException {
    assertThat(saidByAutoTwice()).contains("--add-modules jdk.incubator.vector");
  }

  @Test
  void missingFusedMultiplyAddIsNamedWithTheFlag() throws IOException, InterruptedException {
    assertThat(saidByAutoTwice("--add-modules", "jdk.incubator.vector", "-XX:-UseFMA"))
        .contains("300 times slower", "-XX:-UseFMA");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Xint",
        "-XX:-UseCompiler",
        "-XX:TieredStopAtLevel=1",
        "-XX:TieredStopAtLevel=3",
        "-XX:CompilationMode=quick-only",
        "-XX:+NeverActAsServerClassMachine"
      })
  void jvmsThatNeverCompileKernelsAreNamedWithTheFlag(String option)
      throws IOException, InterruptedException {
    assertThat(said("--add-modules", "jdk.incubator.vector", option))
        .contains("auto is vector, auto is vector")
        .containsOnlyOnce("WARNING: kernels stay far below the processor's speed: with " + option)
        .containsOnlyOnce("start java without it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-XX:+UseG1GC", "-XX:-TieredCompilation"})
  void nothingIsSaidWhereKernelsAreFast(String option) throws IOException, InterruptedException {
    assertThat(said("--add-modules", "jdk.incubator.vector", option))
        .contains("auto is vector, auto is vector")
        .doesNotContain("kernels stay");
  }

  /** What a JVM says where the vector backend cannot run: why, once, and again if one insists. */
  private static String saidByAutoTwice(String... options)
      throws IOException, InterruptedException {
    String said = said(options);
    assertThat(said)
        .containsOnlyOnce("WARNING: not on the processor's vector units")
        .contains("auto is reference, auto is reference")
        .contains("the vector backend cannot run here: ");
    return said;
  }

  private static String said(String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", classPath(), WithoutVectors.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private static String classPath() {
    return Stream.of(Backends.class, VectorProvider.class, VectorBackendTest.class)
        .map(type -> Path.of(location(type)).toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static URI location(Class<?> type) {
    return URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString());
  }

  /** Runs in a JVM without the module, without fused multiply-add, or without its compiler. */
  static final class WithoutVectors {
    private WithoutVectors() {}

    public static void main(String[] args) {
      try (Backend best = Backends.create(Backends.AUTO, new BackendOptions(1));
          Backend again = Backends.create(Backends.AUTO, new BackendOptions(1))) {
        System.out.println("auto is " + best.name() + ", auto is " + again.name());
      }
      try {
        new VectorProvider().create(new BackendOptions(1)).close();
      } catch (AccreteException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @Test
  void tooLargeMiniBatchIsAnErrorWithSizeAndRemedy() {
    Graph.Builder graph = Graph.builder();
    Value a = graph.one(new Fill(1, Shape.of(1 << 15, 16, 64, 62)));
    graph.output("sum", graph.one(new Add(), a, a));
    try (Store store = backend.allocate(List.of())) {
      assertThatThrownBy(() -> backend.compile(graph.build(), store))
          .isInstanceOf(AccreteException.class)
          .hasMessageMatching("(?s).* need 79\\d\\d MiB .*|.* needs \\d+ MiB .*")
          .hasMessageContaining("smaller mini-batch");
    }
  }

  @Test
  void weightsWrittenBetweenRunsAreUsed() {
    Variable weight = new Variable("weight", TensorType.f32(32, 32, 1, 1));
    Graph.Builder graph = Graph.builder();
    Value.Input x = graph.input("x", TensorType.f32(1, 32, 3, 3));
    graph.output("y", graph.one(Conv2d.of(1, 0), x, weight.view()));
    try (Store store = backend.allocate(List.of(weight));
        Plan plan = backend.compile(graph.build(), store)) {
      float[] ones = new float[32 * 9];
      java.util.Arrays.fill(ones, 1f);
      plan.write(x, ones);
      for (float value : new float[] {0.5f, -2f}) {
        float[] weights = new float[32 * 32];
        java.util.Arrays.fill(weights, value);
        store.write(weight, weights);
        plan.run();
        assertThat(plan.read("y")).containsOnly(32 * value);
        plan.run();
        assertThat(plan.read("y")).containsOnly(32 * value);
      }
    }
  }

  /** A normalization whose moments, and a product whose matrix, change between runs or not. */
  @Test
  void whatIsDerivedFromVariablesFollowsThem() {
    List<Variable> variables =
        Stream.of("gamma", "beta", "mean", "variance", "matrix")
            .map(name -> new Variable(name, TensorType.f32(name.equals("matrix") ? 256 : 16)))
            .toList();
    List<Value> views = variables.stream().map(Variable::view).map(Value.class::cast).toList();
    Graph.Builder graph = Graph.builder();
    Value.Input x = graph.input("x", TensorType.f32(1, 16, 1, 1));
    Value normal =
        graph.one(
            new BatchNormInference(0f),
            Stream.concat(Stream.of(x), views.subList(0, 4).stream()).toArray(Value[]::new));
    Value row = graph.one(new Reshape(Shape.of(1, 16)), normal);
    Value matrix = variables.get(4).view(0, Shape.of(16, 16));
    graph.output("viewed", graph.one(new MatMul(false, false), row, matrix));
    try (Store store = backend.allocate(variables);
        Plan plan = backend.compile(graph.build(), store)) {
      plan.write(x, filled(16, 3f));
      for (int i = 0; i < 5; i++) {
        store.write(variables.get(i), filled(i == 4 ? 256 : 16, 1f));
      }
      plan.run();
      assertThat(plan.read("viewed")).containsOnly(16 * 3f);
      float[] expected = {16 * 5f, 16 * 6f, 16 * 5f, 16 * 3.5f, 32 * 3.5f};
      float[] written = {2f, 2f, 1.5f, 4f, 2f};
      for (int i = 0; i < 5; i++) {
        store.write(variables.get(i), filled(i == 4 ? 256 : 16, written[i]));
        plan.run();
        assertThat(plan.read("viewed")).as(variables.get(i).name()).containsOnly(expected[i]);
        plan.run();
        assertThat(plan.read("viewed")).as(variables.get(i).name()).containsOnly(expected[i]);
      }
    }
  }

  private static float[] filled(int size, float value) {
    float[] values = new float[size];
    java.util.Arrays.fill(values, value);
    return values;
  }

  @Test
  void inputsKeepTheirValuesAndOutputsSurviveTheRun() {
    Graph.Builder graph = Graph.builder();
    Value.Input x = graph.input("x", TensorType.f32(2, 9, 2, 2));
    Value relu = graph.one(Pointwise.RELU, x);
    graph.output("x", x);
    graph.output("relu", relu);
    graph.output("flat", graph.one(new Reshape(Shape.of(2, 36)), relu));
    graph.output("twice", graph.one(new Add(), relu, relu));
    float[] values = new float[72];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 3 - 1;
    }
    try (Store store = backend.allocate(List.of());
        Plan plan = backend.compile(graph.build(), store)) {
      plan.write(x, values);
      for (int run = 0; run < 2; run++) {
        plan.run();
        assertThat(plan.read("x")).containsExactly(values);
        float[] flat = plan.read("flat");
        assertThat(plan.read("relu")).containsExactly(flat);
        float[] twice = plan.read("twice");
        for (int i = 0; i < values.length; i++) {
          assertThat(flat[i]).isEqualTo(Math.max(0, values[i]));
          assertThat(twice[i]).isEqualTo(2 * flat[i]);
        }
      }
    }
  }

  @Test
  void wrongUseIsRefusedByName() {
    Variable weight = new Variable("weight", TensorType.f32(3));
    Graph.Builder graph = Graph.builder();
    Value.Input x = graph.input("x", TensorType.f32(3));
    graph.output("y", graph.one(new Add(), x, weight.view()));
    Graph built = graph.build();
    try (Store empty = backend.allocate(List.of());
        Store foreign = new ReferenceBackend().allocate(List.of(weight));
        Store store = backend.allocate(List.of(weight));
        Plan plan = backend.compile(built, store)) {
      assertThatThrownBy(() -> backend.compile(built, empty)).hasMessageContaining("weight");
      assertThatThrownBy(() -> backend.compile(built, foreign))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> plan.write(x, new float[4])).hasMessageContaining("x");
      assertThatThrownBy(() -> plan.write(x, new int[3])).hasMessageContaining("x");
      assertThatThrownBy(() -> plan.read("z")).hasMessageContaining("z");
      assertThatThrownBy(() -> plan.read("y", new float[2])).hasMessageContaining("y");
      assertThatThrownBy(() -> store.write(weight, 1, new float[3], 0, 3))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void closedPlanDoesNotRun() {
    Graph.Builder graph = Graph.builder();
    graph.output("y", graph.one(new Fill(1, Shape.of(3))));
    try (Store store = backend.allocate(List.of())) {
      Plan closed = backend.compile(graph.build(), store);
      closed.close();
      assertThatThrownBy(closed::run).hasMessageContaining("closed");
    }
  }
}
