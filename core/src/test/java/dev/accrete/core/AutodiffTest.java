package dev.accrete.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.op.Add;
import dev.accrete.core.op.AddBias;
import dev.accrete.core.op.BatchNorm;
import dev.accrete.core.op.BatchRenormGrad;
import dev.accrete.core.op.ChannelSum;
import dev.accrete.core.op.Conv2d;
import dev.accrete.core.op.Conv2dInputGrad;
import dev.accrete.core.op.Conv2dWeightGrad;
import dev.accrete.core.op.Fill;
import dev.accrete.core.op.GlobalAveragePool;
import dev.accrete.core.op.LoadHead;
import dev.accrete.core.op.MatMul;
import dev.accrete.core.op.PointFunction;
import dev.accrete.core.op.Pointwise;
import dev.accrete.core.op.PointwiseGrad;
import dev.accrete.core.op.SoftmaxCrossEntropy;
import dev.accrete.core.op.SoftmaxCrossEntropyGrad;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which nodes a backward pass consists of. */
class AutodiffTest {
  private static final Shape FILTERS = Shape.of(4, 4, 3, 3);
  private static final Shape HEAD = Shape.of(5, 4);

  private final Graph.Builder graph = Graph.builder();
  private final Variable weights = new Variable("weights", TensorType.f32(1000));
  private final Variable gradients = new Variable("gradients", TensorType.f32(1000));
  private final Value.View first = weights.view(0, FILTERS);
  private final Value.View second = weights.view(144, FILTERS);
  private final Value.View gamma = weights.view(288, Shape.of(4));
  private final Value.View beta = weights.view(292, Shape.of(4));
  private final Value.View head = weights.view(300, HEAD);
  private int forward;

  private Value.View gradient(Value.View view) {
    return gradients.view(view.offset(), view.type().shape());
  }

  /** convolution, relu, convolution, normalization, pooling, head, loss. */
  private Value network() {
    Value x = graph.input("x", TensorType.f32(2, 4, 6, 6));
    Value.View moments = weights.view(900, Shape.of(4));
    Value a = graph.one(Pointwise.RELU, graph.one(Conv2d.of(1, 1), x, first));
    Value b = graph.one(Conv2d.of(1, 1), a, second);
    Value c = graph.apply(new BatchNorm(1e-5f, 0.9f), b, gamma, beta, moments, moments).get(0);
    Value features = graph.one(new GlobalAveragePool(), c);
    Value logits = graph.one(new MatMul(false, true), features, head);
    Value loss =
        graph
            .apply(
                new SoftmaxCrossEntropy(0),
                logits,
                graph.input("labels", TensorType.i32(2)),
                graph.input("mask", TensorType.f32(5)))
            .get(0);
    forward = graph.build().nodes().size();
    return loss;
  }

  private List<Node> backward(Value loss, Value.View... trained) {
    Map<Value.View, Value.View> destinations = new java.util.LinkedHashMap<>();
    for (Value.View view : trained) {
      destinations.put(view, gradient(view));
    }
    Autodiff.backward(graph, loss, destinations);
    List<Node> nodes = graph.build().nodes();
    return nodes.subList(forward, nodes.size());
  }

  private static List<Class<?>> ops(List<Node> nodes) {
    return nodes.stream().<Class<?>>map(node -> node.op().getClass()).toList();
  }

  private static Optional<Node> writing(List<Node> nodes, Value.View view) {
    return nodes.stream().filter(node -> node.outputs().contains(view)).findFirst();
  }

  @Test
  void trainingTheHeadAloneStopsThere() {
    List<Node> nodes = backward(network(), head);
    assertThat(ops(nodes)).containsExactly(Fill.class, SoftmaxCrossEntropyGrad.class, MatMul.class);
    assertThat(writing(nodes, gradient(head))).map(Node::op).contains(new MatMul(true, false));
  }

  @Test
  void aFrozenPrefixCostsNothing() {
    List<Node> nodes = backward(network(), second, head);
    assertThat(ops(nodes)).doesNotContain(Conv2dInputGrad.class, PointwiseGrad.class);
    assertThat(ops(nodes)).containsOnlyOnce(Conv2dWeightGrad.class);
    assertThat(writing(nodes, gradient(second))).isPresent();
  }

  @Test
  void gradientsFlowThroughFrozenLayers() {
    List<Node> nodes = backward(network(), first);
    assertThat(ops(nodes)).containsOnlyOnce(Conv2dInputGrad.class);
    assertThat(ops(nodes)).containsOnlyOnce(Conv2dWeightGrad.class);
    assertThat(ops(nodes)).containsOnlyOnce(BatchRenormGrad.class);
    assertThat(nodes).last().satisfies(n -> assertThat(n.outputs()).contains(gradient(first)));
    assertThat(nodes)
        .flatExtracting(Node::outputs)
        .filteredOn(value -> value instanceof Value.View)
        .containsExactly(gradient(first));
  }

  @Test
  void everythingTrainedIsStoredOnce() {
    List<Node> nodes = backward(network(), first, second, gamma, beta, head);
    assertThat(nodes)
        .flatExtracting(Node::outputs)
        .filteredOn(value -> value instanceof Value.View)
        .containsExactlyInAnyOrder(
            gradient(first), gradient(second), gradient(gamma), gradient(beta), gradient(head));
    Node norm = writing(nodes, gradient(gamma)).orElseThrow();
    assertThat(norm.outputs().subList(1, 3)).containsExactly(gradient(gamma), gradient(beta));
  }

  @Test
  void reluUsesItsResult() {
    List<Node> nodes = backward(network(), first);
    Node relu =
        nodes.stream().filter(n -> n.op() instanceof PointwiseGrad).findFirst().orElseThrow();
    Node forwardRelu = graph.build().nodes().get(1);
    assertThat(relu.inputs().get(0)).isEqualTo(forwardRelu.outputs().get(0));
  }

  @Test
  void branchesAddUp() {
    Value.Input x = graph.input("x", TensorType.f32(2, 4));
    Value left = graph.one(Pointwise.RELU, x);
    Value sum = graph.one(new Add(), left, x);
    Value.Input dy = graph.input("dy", TensorType.f32(2, 4));
    forward = graph.build().nodes().size();
    Map<Value, Value> found = Autodiff.gradients(graph, sum, dy, List.of(x));
    List<Node> nodes = graph.build().nodes();
    assertThat(ops(nodes.subList(forward, nodes.size())))
        .containsExactly(PointwiseGrad.class, Add.class);
    assertThat(found).containsEntry(x, nodes.getLast().outputs().get(0));
  }

  @Test
  void valuesTheOutputDoesNotDependOnAreAbsent() {
    Value.Input x = graph.input("x", TensorType.f32(2, 4));
    Value.Input other = graph.input("other", TensorType.f32(2, 4));
    Value y = graph.one(Pointwise.RELU, x);
    graph.one(Pointwise.RELU, other);
    Value.Input dy = graph.input("dy", TensorType.f32(2, 4));
    assertThat(Autodiff.gradients(graph, y, dy, List.of(x, other))).containsOnlyKeys(x);
  }

  @ParameterizedTest
  @EnumSource(PointFunction.class)
  void aFunctionsGradientReadsWhatTheFunctionSays(PointFunction function) {
    Value.Input x = graph.input("x", TensorType.f32(2, 4));
    Value y = graph.one(new Pointwise(function), x);
    Value.Input dy = graph.input("dy", TensorType.f32(2, 4));
    Autodiff.gradients(graph, y, dy, List.of(x));
    Node gradient = graph.build().nodes().getLast();
    assertThat(gradient.op()).isEqualTo(new PointwiseGrad(function));
    assertThat(gradient.inputs()).containsExactly(function.gradientOfResult() ? y : x, dy);
  }

  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false", "true, true"})
  void productsHaveGradientsOfTheirOperandsShape(boolean transposeA, boolean transposeB) {
    Value.Input a = graph.input("a", transposeA ? TensorType.f32(3, 2) : TensorType.f32(2, 3));
    Value.Input b = graph.input("b", transposeB ? TensorType.f32(4, 3) : TensorType.f32(3, 4));
    Value y = graph.one(new MatMul(transposeA, transposeB), a, b);
    Value.Input dy = graph.input("dy", TensorType.f32(2, 4));
    Map<Value, Value> found = Autodiff.gradients(graph, y, dy, List.of(a, b));
    assertThat(found.keySet()).containsExactly(a, b);
    assertThat(found.values()).extracting(Value::type).containsExactly(a.type(), b.type());
  }

  @Test
  void biasGradientIsTheSumOverChannels() {
    Value.Input x = graph.input("x", TensorType.f32(2, 4, 3, 3));
    Value y = graph.one(new AddBias(), x, beta);
    Value loss = loss(y);
    List<Node> nodes = backward(loss, beta);
    assertThat(writing(nodes, gradient(beta))).map(Node::op).contains(new ChannelSum());
  }

  /** Pools a [2, 4, H, W] value to a scalar loss. */
  private Value loss(Value y) {
    Value features = graph.one(new GlobalAveragePool(), y);
    Value loss =
        graph
            .apply(
                new SoftmaxCrossEntropy(0),
                features,
                graph.input("labels", TensorType.i32(2)),
                graph.input("mask", TensorType.f32(4)))
            .get(0);
    forward = graph.build().nodes().size();
    return loss;
  }

  @Test
  void aLossIsAScalar() {
    Value.Input x = graph.input("x", TensorType.f32(2));
    assertThatThrownBy(() -> Autodiff.backward(graph, x, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("scalar")
        .hasMessageContaining("f32[2]");
  }

  @Test
  void refusesToTrainWhatTheLossDoesNotDependOn() {
    Value.View unused = weights.view(500, Shape.of(7));
    Value loss = network();
    assertThatThrownBy(() -> backward(loss, head, unused))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("does not depend on")
        .hasMessageContaining("offset=500");
  }

  @Test
  void refusesToTrainWhatIsUsedTwice() {
    Value.Input x = graph.input("x", TensorType.f32(2, 4, 6, 6));
    Value a = graph.one(Conv2d.of(1, 1), x, first);
    Value loss = loss(graph.one(Conv2d.of(1, 1), a, first));
    assertThatThrownBy(() -> backward(loss, first))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("used by several nodes");
  }

  @Test
  void refusesToDifferentiateWhatHasNoGradient() {
    Value bank = graph.one(new LoadHead(), head, graph.input("present", TensorType.f32(5)));
    Value.Input features = graph.input("features", TensorType.f32(2, 4));
    Value logits = graph.one(new MatMul(false, true), features, bank);
    Value.Input dy = graph.input("dy", TensorType.f32(2, 5));
    assertThatThrownBy(() -> Autodiff.gradients(graph, logits, dy, List.of(head)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("LoadHead has no gradient");
  }

  @Test
  void forwardNodesStayAsTheyAre() {
    Value loss = network();
    List<Node> before = graph.build().nodes();
    backward(loss, first, head);
    assertThat(graph.build().nodes().subList(0, forward)).isEqualTo(before);
  }
}
