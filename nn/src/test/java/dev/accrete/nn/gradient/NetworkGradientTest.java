package dev.accrete.nn.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.core.Backend;
import dev.accrete.core.Graph;
import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Parameters.Role;
import dev.accrete.core.Rng;
import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.op.PointFunction;
import dev.accrete.core.op.SoftmaxCrossEntropy;
import dev.accrete.nn.Network;
import dev.accrete.nn.Norms;
import dev.accrete.nn.ResNet;
import dev.accrete.nn.TestBackends;
import dev.accrete.nn.Variables;
import dev.accrete.nn.layer.Activation;
import dev.accrete.nn.layer.Bias;
import dev.accrete.nn.layer.Convolution;
import dev.accrete.nn.layer.Dropout;
import dev.accrete.nn.layer.Flatten;
import dev.accrete.nn.layer.GlobalAverage;
import dev.accrete.nn.layer.Layer;
import dev.accrete.nn.layer.Linear;
import dev.accrete.nn.layer.LocalResponse;
import dev.accrete.nn.layer.Pool;
import dev.accrete.nn.layer.Residual;
import dev.accrete.nn.layer.Scope;
import dev.accrete.nn.layer.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Whole networks from pixels to loss, with respect to every parameter and the pixels. */
class NetworkGradientTest {
  private static final int ROWS = 4;
  private static final int CLASSES = 3;
  private static final int ELEMENTS = 48;
  private static final double STEP = 1 / 128.0; // the wider, the more ReLUs change sides
  private static final Value.Input IMAGES =
      new Value.Input("images", TensorType.f32(ROWS, 3, 9, 9));
  private static final Value.Input LIMITS = new Value.Input("limits", TensorType.f32(3));
  private static final Value.Input LABELS = new Value.Input("labels", TensorType.i32(ROWS));
  private static final Value.Input MASK = new Value.Input("mask", TensorType.f32(CLASSES));

  private static Network network(Layer... layers) {
    return Network.of("test", Shape.of(3, 9, 9), List.of(layers), "head", CLASSES);
  }

  private static Network mobile() {
    return network(
        Sequence.normalized(Convolution.of("conv1", 6, 3, 2, 1)),
        Sequence.normalized(Convolution.depthwise("conv2/dw", 6, 1)),
        Sequence.normalized(Convolution.pointwise("conv2/sep", 5)),
        new GlobalAverage("pool"));
  }

  private static Point point(Network network, Variables variables) {
    Rng rng = Rng.of(9, 9);
    float[] pixels = new float[IMAGES.type().shape().size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) rng.nextGaussian();
    }
    // Shifts that keep most ReLUs away from their kink, on one side or the other.
    float[] weights = network.initialWeights(2);
    for (Parameter p : network.parameters().all()) {
      if (p.role() == Role.NORM_SHIFT) {
        for (int i = 0; i < p.size(); i++) {
          weights[p.offset() + i] = i % 3 == 2 ? -0.5f : 1.5f;
        }
      }
    }
    return new Point()
        .set(IMAGES, pixels)
        .set(LABELS, new int[] {0, 2, -1, 1})
        .set(MASK, 1, 1, 1)
        .set(variables.weights(), weights)
        .set(variables.moments(), network.initialMoments());
  }

  private static GradientReport check(
      Network network, Variables variables, Point point, Function<Graph.Builder, Scope> scope) {
    return check(network, variables, point, scope, ELEMENTS);
  }

  private static GradientReport check(
      Network network,
      Variables variables,
      Point point,
      Function<Graph.Builder, Scope> scope,
      int elements) {
    List<Value> wanted = new ArrayList<>(List.of(IMAGES));
    network.parameters().all().forEach(p -> wanted.add(variables.parameter(p.name())));
    Function<Graph.Builder, Value> loss =
        graph -> {
          Network.Forward forward = network.forward(scope.apply(graph), IMAGES);
          return graph.apply(new SoftmaxCrossEntropy(0.1f), forward.logits(), LABELS, MASK).get(0);
        };
    try (Backend backend = TestBackends.reference()) {
      return GradientChecker.of(backend)
          .withStep(STEP)
          .withElements(elements)
          .check(loss, point, wanted);
    }
  }

  private static void assertPassed(GradientReport report) {
    assertThat(report.passed()).as(report.toString()).isTrue();
  }

  @Test
  void mobileNetWithBatchNorm() {
    Network network = mobile();
    Variables variables = network.variables();
    assertPassed(
        check(
            network,
            variables,
            point(network, variables),
            graph -> Scope.of(graph, Norms.batch(0.9f), variables)));
  }

  /** Limits that every channel exceeds, so that r and d are constants away from 1 and 0. */
  @Test
  void mobileNetWithSaturatedBatchRenorm() {
    Network network = mobile();
    Variables variables = network.variables();
    float[] moments = network.initialMoments();
    for (var moment : network.moments().all()) {
      for (int i = 0; i < moment.size(); i++) {
        boolean mean = moment.name().endsWith("mean");
        float even = mean ? 50 : 100;
        float odd = mean ? -50 : 2500;
        moments[moment.offset() + i] = i % 2 == 0 ? even : odd;
      }
    }
    Point point =
        point(network, variables).set(LIMITS, 1.2f, 0.3f, 0.9f).set(variables.moments(), moments);
    assertPassed(
        check(
            network, variables, point, graph -> Scope.of(graph, Norms.renorm(LIMITS), variables)));
  }

  @Test
  void mobileNetWithFixedMoments() {
    Network network = mobile();
    Variables variables = network.variables();
    assertPassed(
        check(
            network,
            variables,
            point(network, variables),
            graph -> Scope.of(graph, Norms.fixed(), variables)));
  }

  /** A shortcut that is the identity, one that projects, and functions other than ReLU. */
  @Test
  void residualBlocksWithBatchNorm() {
    Network network =
        network(
            Sequence.normalized(Convolution.of("conv1", 4, 3, 2, 1)),
            Residual.of("conv2", Sequence.linear(Convolution.of("conv2/a", 4, 3, 1, 1))),
            new Activation("conv2", PointFunction.SILU),
            new Residual(
                "conv3",
                Sequence.of(
                    "conv3/body",
                    Sequence.normalized(Convolution.of("conv3/a", 6, 3, 2, 1), PointFunction.GELU),
                    Sequence.linear(Convolution.of("conv3/b", 6, 3, 1, 1))),
                Sequence.linear(Convolution.of("conv3/shortcut", 6, 1, 2, 0))),
            new Activation("conv3", PointFunction.TANH),
            new GlobalAverage("pool"));
    Variables variables = network.variables();
    assertPassed(
        check(
            network,
            variables,
            point(network, variables),
            graph -> Scope.of(graph, Norms.batch(0.9f), variables)));
  }

  /** Few elements of each of its many parameters: the reference backend is slow. */
  @Test
  void resNetWithFixedMoments() {
    Network network = ResNet.of(8, CLASSES, 9);
    Variables variables = network.variables();
    assertPassed(
        check(
            network,
            variables,
            point(network, variables),
            graph -> Scope.of(graph, Norms.fixed(), variables),
            4));
  }

  @Test
  void alexNetWithGroupsPoolingLocalResponseAndDropout() {
    Network network =
        network(
            Sequence.of("conv1", Convolution.of("conv1", 6, 3, 1, 1), new Bias("conv1")),
            Pool.max("pool1", 3, 2, true),
            LocalResponse.caffe("norm1"),
            Sequence.biased(new Convolution("conv2", 4, 3, 1, 1, 2)),
            new Flatten("flatten"),
            new Dropout("drop", 0.4f),
            Sequence.biased(Linear.of("fc", 7)));
    Variables variables = network.variables();
    Point point =
        point(network, variables)
            .set(new Value.Input("dropout/drop", TensorType.i32(4)), new int[] {1, 2, 3, 4});
    assertPassed(
        check(
            network,
            variables,
            point,
            graph -> Scope.withDropout(graph, Norms.fixed(), variables)));
  }
}
