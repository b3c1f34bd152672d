package dev.accrete.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.core.Backend;
import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.Rng;
import dev.accrete.core.Store;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.op.PackSelected;
import dev.accrete.core.op.SelectParameters;
import dev.accrete.core.op.SelectParameters.Best;
import dev.accrete.core.op.SelectParameters.Group;
import dev.accrete.core.op.Selection;
import dev.accrete.core.op.SgdSynaptic;
import dev.accrete.core.op.SgdSynaptic.Penalty;
import dev.accrete.core.op.SgdSynaptic.Segment;
import dev.accrete.core.op.SgdSynaptic.Trajectory;
import dev.accrete.core.op.SparseSgdSynaptic;
import dev.accrete.core.op.SynapticImportance.Range;
import dev.accrete.core.op.UnpackSelected;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The choice of parameters by hand, and the sparse update beside the dense one. */
@OnEveryBackend
class SparseUpdateTest {
  private static final int SIZE = 5000;
  private static final float MAX = 1e-3f;

  private final Backend backend;

  SparseUpdateTest(Backend backend) {
    this.backend = backend;
  }

  private int[] chosen(SelectParameters op, double... scores) {
    Graph.Builder graph = Graph.builder();
    Value.Input input = graph.input("scores", TensorType.f32(scores.length));
    graph.output("bits", graph.apply(op, input).get(0));
    try (Store store = backend.allocate(List.of());
        Plan plan = backend.compile(graph.build(), store)) {
      TestBackends.vector(scores).write(plan, input);
      plan.run();
      int[] bits = new int[Selection.words(scores.length)];
      plan.read("bits", bits);
      return bits;
    }
  }

  private static SelectParameters op(Best best, Group... groups) {
    return new SelectParameters(List.of(groups), best);
  }

  @Test
  void tiesAreBrokenByIndex() {
    Group all = new Group(List.of(new Range(0, 6)), 3);
    assertThat(chosen(op(Best.LARGEST, all), 1, 2, 1, 3, 1, 1)).containsExactly(0b001011);
    assertThat(chosen(op(Best.SMALLEST, all), 1, 2, 1, 3, 1, 1)).containsExactly(0b010101);
    assertThat(chosen(op(Best.MAGNITUDE, all), 1, -2, -1, 1, 3, 0)).containsExactly(0b010011);
    assertThat(chosen(op(Best.LARGEST, all), 0, 0, 0, 0, 0, 0)).containsExactly(0b000111);
    assertThat(chosen(op(Best.LARGEST, all), -0.0, 0, -1, 0, 0, 0)).containsExactly(0b001011);
  }

  @Test
  void groupsCompeteWithinThemselves() {
    Group first = new Group(List.of(new Range(0, 2), new Range(4, 1)), 2);
    Group second = new Group(List.of(new Range(2, 2)), 1);
    assertThat(chosen(op(Best.LARGEST, first, second), 9, 8, 1, 2, 10, 99))
        .containsExactly(0b011001);
  }

  /** The update of one state, dense or sparse, where {@code count} parameters are important. */
  private List<float[]> update(Penalty penalty, int count, boolean sparse) {
    SgdSynaptic dense =
        new SgdSynaptic(
            List.of(
                new Segment(0, 1500, 1, 5e-4f, true),
                new Segment(1500, 100, 10, 0, false),
                new Segment(1613, SIZE - 1613, 0.5f, 5e-4f, true)),
            0.9f,
            false,
            penalty,
            MAX,
            300,
            Trajectory.TASK_GRADIENT);
    Rng rng = Rng.of(3, count);
    Graph.Builder graph = Graph.builder();
    List<Value.Input> inputs = new ArrayList<>();
    Map<String, float[]> values = new HashMap<>();
    for (String name :
        List.of("weights", "gradients", "momentum", "trajectory", "cumulative", "anchors")) {
      inputs.add(graph.input(name, TensorType.f32(SIZE)));
      float[] drawn = new float[SIZE];
      for (int i = 0; i < SIZE; i++) {
        drawn[i] = (float) (rng.nextGaussian() * (name.equals("cumulative") ? MAX : 1));
      }
      values.put(name, drawn);
    }
    values.put("importance", importance(values.getOrDefault("cumulative", new float[0]), count));
    values.put("rate", new float[] {0.03f});
    Group all = new Group(List.of(new Range(0, SIZE)), count);
    List<Value> selection =
        graph.apply(new SelectParameters(List.of(all), Best.SMALLEST), inputs.get(4));
    Value rate = graph.input("rate", TensorType.f32());
    List<Value> operands = new ArrayList<>(List.of(rate));
    operands.addAll(inputs.subList(0, 4));
    List<Value> penalties = new ArrayList<>();
    for (Value.Input input : inputs.subList(4, penalty == Penalty.QUADRATIC ? 6 : 5)) {
      Value packed = graph.one(new PackSelected(count), input, selection.get(0), selection.get(1));
      penalties.add(
          sparse
              ? packed
              : graph.one(new UnpackSelected(SIZE), packed, selection.get(0), selection.get(1)));
    }
    Value.Input importance = graph.input("importance", TensorType.f32(SIZE));
    if (sparse) {
      operands.addAll(selection);
    } else {
      penalties.set(0, importance);
    }
    operands.addAll(penalties);
    List<Value> results =
        graph.apply(sparse ? new SparseSgdSynaptic(dense) : dense, operands.toArray(Value[]::new));
    List<String> names = List.of("weights", "momentum", "trajectory");
    for (int i = 0; i < names.size(); i++) {
      graph.output(names.get(i), results.get(i));
    }
    try (Store store = backend.allocate(List.of());
        Plan plan = backend.compile(graph.build(), store)) {
      for (Value.Input input : plan.graph().inputs()) {
        plan.write(input, values.getOrDefault(input.name(), new float[0]));
      }
      plan.run();
      return names.stream().map(plan::read).toList();
    }
  }

  /** What is clamped from the {@code count} smallest paths; 0 elsewhere. */
  private static float[] importance(float[] cumulative, int count) {
    float[] sorted = cumulative.clone();
    Arrays.sort(sorted);
    float[] importance = new float[cumulative.length];
    for (int i = 0; i < importance.length; i++) {
      boolean chosen = count > 0 && cumulative[i] <= sorted[count - 1];
      importance[i] = chosen ? Math.clamp(-cumulative[i], 0f, MAX) : 0;
    }
    return importance;
  }

  @Test
  void theSparseUpdateIsTheDenseOneBitForBit() {
    for (Penalty penalty : List.of(Penalty.GRADIENT_SCALE, Penalty.QUADRATIC)) {
      for (int count : new int[] {SIZE, 2500, 511, 1}) {
        List<float[]> dense = update(penalty, count, false);
        List<float[]> sparse = update(penalty, count, true);
        for (int i = 0; i < dense.size(); i++) {
          assertThat(Arrays.equals(sparse.get(i), dense.get(i)))
              .as("%s, %d chosen, result %d", penalty, count, i)
              .isTrue();
        }
      }
    }
  }
}
