package dev.accrete.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.op.Add;
import dev.accrete.core.op.BatchNorm;
import dev.accrete.core.op.ChannelSum;
import dev.accrete.core.op.MatMul;
import dev.accrete.core.op.Pointwise;
import java.util.List;
import org.junit.jupiter.api.Test;

class GraphTest {
  private final Graph.Builder graph = Graph.builder();
  private final Variable variable = new Variable("weights", TensorType.f32(32));

  private Value.Input input(String name, int... dims) {
    return graph.input(name, TensorType.f32(dims));
  }

  @Test
  void listsWhatItReadsAndWrites() {
    Value.Input x = input("x", 2, 4);
    Value.View weight = variable.view(0, Shape.of(3, 4));
    Value y = graph.one(new MatMul(false, true), x, weight);
    graph.output("y", y);
    Graph built = graph.build();
    assertThat(built.inputs()).containsExactly(x);
    assertThat(built.variables()).containsExactly(variable);
    assertThat(built.outputs()).containsEntry("y", y);
    assertThat(built.macs()).isEqualTo(2 * 4 * 3);
    assertThat(built.nodes().get(0).inputTypes())
        .containsExactly(TensorType.f32(2, 4), TensorType.f32(3, 4));
    assertThat(y.type()).isEqualTo(TensorType.f32(2, 3));
  }

  @Test
  void isNotChangedByItsBuilder() {
    Value.Input x = input("x", 2);
    graph.one(Pointwise.RELU, x);
    Graph built = graph.build();
    graph.one(Pointwise.RELU, x);
    assertThat(built.nodes()).hasSize(1);
    assertThatThrownBy(() -> built.outputs().put("x", x))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void givesEveryResultAnIdentityOfItsOwn() {
    Value.Input x = input("x", 2);
    assertThat(graph.one(Pointwise.RELU, x)).isNotEqualTo(graph.one(Pointwise.RELU, x));
  }

  @Test
  void anInputKeepsItsType() {
    Value.Input x = input("x", 2);
    assertThat(input("x", 2)).isEqualTo(x);
    assertThatThrownBy(() -> input("x", 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("input x")
        .hasMessageContaining("f32[2]")
        .hasMessageContaining("f32[3]");
  }

  @Test
  void outputsHaveDifferentNames() {
    Value.Input x = input("x", 2);
    graph.output("y", x);
    assertThatThrownBy(() -> graph.output("y", x))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("named y");
  }

  @Test
  void oneIsForOpsWithOneResult() {
    Value c = input("c", 3);
    assertThatThrownBy(() -> graph.one(new BatchNorm(1e-5f, 0.9f), input("x", 2, 3), c, c, c, c))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4 results");
  }

  @Test
  void storesResultsInViews() {
    Value.View sums = variable.view(5, Shape.of(3));
    List<Value> results =
        graph.apply(
            new ChannelSum(), List.of(input("x", 2, 3)), List.of(new Graph.Destination(0, sums)));
    assertThat(results).containsExactly(sums);
    assertThat(graph.build().variables()).containsExactly(variable);
  }

  @Test
  void refusesADestinationOfAnotherShape() {
    assertThatThrownBy(
            () ->
                graph.apply(
                    new ChannelSum(),
                    List.of(input("x", 2, 3)),
                    List.of(new Graph.Destination(0, variable.view(0, Shape.of(4))))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ChannelSum: result 0 is f32[3]")
        .hasMessageContaining("f32[4]");
  }

  private List<Value> add(Value.View a, Value.View b, Value.View destination) {
    return graph.apply(new Add(), List.of(a, b), List.of(new Graph.Destination(0, destination)));
  }

  @Test
  void onlyTheOperandAnOpMayOverwriteIsOverwritten() {
    Value.View a = variable.view(0, Shape.of(8));
    Value.View b = variable.view(8, Shape.of(8));
    assertThat(add(a, b, a)).containsExactly(a);
    assertThatThrownBy(() -> add(a, b, b))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Add: result 0 would overwrite operand 1");
    assertThatThrownBy(() -> add(a, b, variable.view(4, Shape.of(8))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("would overwrite operand 0");
    assertThatThrownBy(() -> add(a, a, a))
        .as("the operand is read again at another place")
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(add(a, b, variable.view(16, Shape.of(8)))).hasSize(1);
  }

  @Test
  void viewsLieWithinTheirVariable() {
    assertThatThrownBy(() -> variable.view(30, Shape.of(3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at 30")
        .hasMessageContaining("weights");
    assertThatThrownBy(() -> variable.view(-1, Shape.of(3)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Value.View(variable, 0, TensorType.i32(3)))
        .isInstanceOf(IllegalArgumentException.class);
    Value.View last = variable.view(29, Shape.of(3));
    assertThat(last.overlaps(variable.view(31, Shape.of(1)))).isTrue();
    assertThat(last.overlaps(variable.view(26, Shape.of(3)))).isFalse();
    assertThat(last.overlaps(new Variable("other", TensorType.f32(32)).view())).isFalse();
  }
}
