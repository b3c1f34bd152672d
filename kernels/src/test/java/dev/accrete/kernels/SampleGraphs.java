package dev.accrete.kernels;

import dev.accrete.core.Autodiff;
import dev.accrete.core.Backend;
import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.Rng;
import dev.accrete.core.Shape;
import dev.accrete.core.Store;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.Variable;
import dev.accrete.core.op.Add;
import dev.accrete.core.op.AddBias;
import dev.accrete.core.op.BatchNorm;
import dev.accrete.core.op.BatchNormInference;
import dev.accrete.core.op.BatchRenorm;
import dev.accrete.core.op.Conv2d;
import dev.accrete.core.op.Dropout;
import dev.accrete.core.op.GlobalAveragePool;
import dev.accrete.core.op.LocalResponseNorm;
import dev.accrete.core.op.MatMul;
import dev.accrete.core.op.NormalizeImage;
import dev.accrete.core.op.Op;
import dev.accrete.core.op.PointFunction;
import dev.accrete.core.op.Pointwise;
import dev.accrete.core.op.Pool2d;
import dev.accrete.core.op.Reshape;
import dev.accrete.core.op.SgdSynaptic;
import dev.accrete.core.op.SoftmaxCrossEntropy;
import dev.accrete.kernels.spec.Generator;
import dev.accrete.kernels.spec.HostTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Small networks with everything that backends fuse or lay out in ways of their own: odd channels,
 * a frozen prefix, branches, and the update in place.
 */
final class SampleGraphs {
  private static final int CLASSES = 5;
  private static final int FLAT = 8192;

  private final Graph.Builder graph = Graph.builder();
  private final Rng rng = Rng.of(42, 0);
  private final Map<Value.Input, HostTensor> inputs = new LinkedHashMap<>();
  private final Map<Value.View, Value.View> trained = new LinkedHashMap<>();
  private final Variable weights = new Variable("weights", TensorType.f32(FLAT));
  private final Variable gradients = new Variable("gradients", TensorType.f32(FLAT));
  private final Variable moments = new Variable("moments", TensorType.f32(FLAT));
  private final Variable momentum = new Variable("momentum", TensorType.f32(FLAT));
  private final Variable trajectory = new Variable("trajectory", TensorType.f32(FLAT));
  private final float[] initialWeights = new float[FLAT];
  private final float[] initialMoments = new float[FLAT];
  private int weightEnd;
  private int momentEnd;

  /** A graph with the numbers it starts from. */
  record Sample(
      String name,
      Graph graph,
      Map<Value.Input, HostTensor> inputs,
      Map<Variable, HostTensor> variables) {

    /** Runs it a few times and returns every output and variable by name. */
    Map<String, float[]> run(Backend backend, int steps) {
      Map<String, float[]> values = new LinkedHashMap<>();
      try (Store store = backend.allocate(graph.variables());
          Plan plan = backend.compile(graph, store)) {
        for (Variable variable : graph.variables()) {
          HostTensor start = variables.get(variable);
          if (start != null) {
            store.write(variable, start.floats());
          }
        }
        inputs.forEach((input, value) -> value.write(plan, input));
        for (int step = 0; step < steps; step++) {
          plan.run();
        }
        graph.outputs().forEach((name, value) -> values.put(name, plan.read(name)));
        graph.variables().forEach(v -> values.put(v.name(), store.read(v)));
      }
      return values;
    }

    /** Whether a backend executes all of it. */
    boolean supported(Backend backend) {
      return graph.nodes().stream()
          .allMatch(node -> backend.supports(node.op(), node.inputTypes()));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Sample> all() {
    return List.of(
        new SampleGraphs().separable(),
        new SampleGraphs().frozen(),
        new SampleGraphs().classic(),
        new SampleGraphs().branches());
  }

  /** Depthwise separable blocks with batch renorm, everything trained, as MobileNet under AR1*. */
  private Sample separable() {
    Value.Input limits = input("limits", TensorType.f32(3), Generator.values(2, 1, 0.9));
    Value x = renorm(convolution(Conv2d.of(2, 1), images(7), 19, 3, true), limits);
    x = renorm(convolution(Conv2d.depthwise(19, 1, 1), x, 19, 3, true), limits);
    x = renorm(convolution(Conv2d.of(1, 0), x, 37, 1, true), limits);
    x = renorm(convolution(Conv2d.depthwise(37, 2, 1), x, 37, 3, true), limits);
    x = renorm(convolution(Conv2d.of(1, 0), x, 33, 1, true), limits);
    return trained("separable", graph.one(new GlobalAveragePool(), x), 33);
  }

  /** Frozen layers under trained ones, and a frozen one between. */
  private Sample frozen() {
    Value x = fixed(convolution(Conv2d.of(2, 1), images(3), 16, 3, false));
    x = fixed(convolution(Conv2d.depthwise(16, 1, 1), x, 16, 3, false));
    Value y = norm(convolution(Conv2d.of(1, 0), x, 48, 1, true));
    graph.output("middle", y);
    Value z = fixed(convolution(Conv2d.depthwise(48, 1, 1), y, 48, 3, false));
    z = norm(convolution(Conv2d.of(1, 0), z, 17, 1, true));
    return trained("frozen", graph.one(new GlobalAveragePool(), z), 17);
  }

  /** Biases, local response normalization, pooling, groups, dropout, as CaffeNet. */
  private Sample classic() {
    Value x = biased(convolution(Conv2d.of(1, 2), images(3), 10, 5, true));
    x = graph.one(new Pool2d(Pool2d.Kind.MAX, 3, 2, 0, true), x);
    x = graph.one(new LocalResponseNorm(5, 0.1f, 0.75f, 1), x);
    x = biased(convolution(new Conv2d(1, 1, 1, 1, 2), x, 18, 3, true));
    x = graph.one(new Pool2d(Pool2d.Kind.AVERAGE, 2, 2, 0, false), x);
    int features = x.type().shape().size() / 3;
    Value flat = graph.one(new Reshape(Shape.of(3, features)), x);
    Value.Input key = input("key", TensorType.i32(4), Generator.words());
    Value dropped = graph.one(new Dropout(0.5f), flat, key);
    Value hidden = graph.one(new MatMul(false, true), dropped, weight(true, 21, features));
    return trained("classic", biased(hidden), 21);
  }

  /** Values that several nodes read, and sums. */
  private Sample branches() {
    Value x = norm(convolution(Conv2d.of(2, 1), images(3), 12, 3, true));
    Value y = norm(convolution(Conv2d.of(1, 1), x, 12, 3, true));
    Value sum = graph.one(Pointwise.RELU, graph.one(new Add(), x, y));
    Value joined = graph.one(new Add(), sum, graph.one(new Pointwise(PointFunction.SILU), y));
    Value z = norm(convolution(Conv2d.of(1, 0), joined, 20, 1, true));
    return trained("branches", graph.one(new GlobalAveragePool(), z), 20);
  }

  private Value.Input input(String name, TensorType type, Generator generator) {
    Value.Input input = graph.input(name, type);
    inputs.put(input, generator.generate(rng, type));
    return input;
  }

  private Value images(int miniBatch) {
    Value.Input images = input("images", TensorType.u8(miniBatch, 3, 15, 13), Generator.bytes());
    Value.Input augment =
        input("augment", TensorType.i32(miniBatch, 3), Generator.augmentations(2));
    Op normalize = new NormalizeImage(List.of(120f, 118f, 110f), List.of(60f, 58f, 62f), 14, 12);
    return graph.one(normalize, images, augment);
  }

  private Value.View weight(boolean train, int... dims) {
    Shape shape = Shape.of(dims);
    int fanIn = shape.size() / shape.dim(0);
    double deviation = dims.length == 1 ? 0.2 : Math.sqrt(2.0 / fanIn);
    double mean = dims.length == 1 ? 1 : 0;
    HostTensor start = Generator.normal(mean, deviation).generate(rng, TensorType.f32(shape));
    System.arraycopy(start.floats(), 0, initialWeights, weightEnd, shape.size());
    Value.View view = weights.view(weightEnd, shape);
    if (train) {
      trained.put(view, gradients.view(weightEnd, shape));
    }
    weightEnd = Math.ceilDiv(weightEnd + shape.size(), 16) * 16;
    return view;
  }

  private Value.View moment(int channels, float start) {
    java.util.Arrays.fill(initialMoments, momentEnd, momentEnd + channels, start);
    Value.View view = moments.view(momentEnd, Shape.of(channels));
    momentEnd = Math.ceilDiv(momentEnd + channels, 16) * 16;
    return view;
  }

  private Value convolution(Conv2d conv, Value x, int filters, int kernel, boolean train) {
    int channels = x.type().shape().dim(1) / conv.groups();
    return graph.one(conv, x, weight(train, filters, channels, kernel, kernel));
  }

  private Value biased(Value x) {
    return graph.one(
        Pointwise.RELU, graph.one(new AddBias(), x, weight(true, x.type().shape().dim(1))));
  }

  private Value norm(Value x) {
    return trainedNorm(new BatchNorm(1e-5f, 0.9f), x, List.of());
  }

  private Value renorm(Value x, Value limits) {
    return trainedNorm(new BatchRenorm(1e-5f), x, List.of(limits));
  }

  private Value trainedNorm(Op op, Value x, List<Value> limits) {
    int channels = x.type().shape().dim(1);
    Value.View mean = moment(channels, 0.1f);
    Value.View variance = moment(channels, 1.5f);
    List<Value> operands = new ArrayList<>();
    operands.add(x);
    operands.add(weight(true, channels));
    operands.add(weight(true, channels));
    operands.add(mean);
    operands.add(variance);
    operands.addAll(limits);
    List<Graph.Destination> bound =
        List.of(new Graph.Destination(2, mean), new Graph.Destination(3, variance));
    return graph.one(Pointwise.RELU, graph.apply(op, operands, bound).get(0));
  }

  private Value fixed(Value x) {
    int channels = x.type().shape().dim(1);
    Value y =
        graph.one(
            new BatchNormInference(1e-5f),
            x,
            weight(false, channels),
            weight(false, channels),
            moment(channels, 0.1f),
            moment(channels, 1.5f));
    return graph.one(Pointwise.RELU, y);
  }

  private Sample trained(String name, Value features, int width) {
    int rows = features.type().shape().dim(0);
    Value logits = graph.one(new MatMul(false, true), features, weight(true, CLASSES, width));
    List<Value> loss =
        graph.apply(
            new SoftmaxCrossEntropy(0.1f),
            logits,
            input("labels", TensorType.i32(rows), Generator.labels(CLASSES, k -> k != 2, 0.2)),
            input("mask", TensorType.f32(CLASSES), Generator.mask(k -> k != 2)));
    Autodiff.backward(graph, loss.get(0), trained);
    graph.output("features", features).output("logits", logits).output("loss", loss.get(0));
    update();
    return new Sample(
        name,
        graph.build(),
        Map.copyOf(inputs),
        Map.of(
            weights, HostTensor.of(weights.type(), initialWeights),
            moments, HostTensor.of(moments.type(), initialMoments)));
  }

  private void update() {
    List<SgdSynaptic.Segment> segments = new ArrayList<>();
    for (Value.View view : trained.keySet()) {
      boolean synaptic = view.type().shape().rank() == 4;
      segments.add(
          new SgdSynaptic.Segment(
              view.offset(), view.type().shape().size(), 1, synaptic ? 5e-4f : 0, synaptic));
    }
    SgdSynaptic sgd =
        new SgdSynaptic(
            segments,
            0.9f,
            false,
            SgdSynaptic.Penalty.NONE,
            0,
            0,
            SgdSynaptic.Trajectory.TASK_GRADIENT);
    Value.Input rate = input("learningRate", TensorType.f32(Shape.SCALAR), Generator.values(0.01));
    graph.apply(
        sgd,
        List.of(rate, weights.view(), gradients.view(), momentum.view(), trajectory.view()),
        List.of(
            new Graph.Destination(0, weights.view()),
            new Graph.Destination(1, momentum.view()),
            new Graph.Destination(2, trajectory.view())));
  }
}
