package dev.accrete.kernels.vector;

import dev.accrete.core.Autodiff;
import dev.accrete.core.Backend;
import dev.accrete.core.Graph;
import dev.accrete.core.Parameters;
import dev.accrete.core.Parameters.Role;
import dev.accrete.core.Plan;
import dev.accrete.core.Rng;
import dev.accrete.core.Shape;
import dev.accrete.core.Store;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.Variable;
import dev.accrete.core.op.AddBias;
import dev.accrete.core.op.BatchNorm;
import dev.accrete.core.op.BatchNormInference;
import dev.accrete.core.op.BatchRenorm;
import dev.accrete.core.op.Conv2d;
import dev.accrete.core.op.GlobalAveragePool;
import dev.accrete.core.op.MatMul;
import dev.accrete.core.op.NormalizeImage;
import dev.accrete.core.op.Pointwise;
import dev.accrete.core.op.SgdSynaptic;
import dev.accrete.core.op.SoftmaxCrossEntropy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A step of training conv - norm - ReLU - depthwise - norm - ReLU - pointwise - norm - ReLU - pool
 * - linear - softmax with momentum and synaptic intelligence.
 */
final class TrainingGraph {
  static final int SIZE = 12;
  private static final int CLASSES = 5;
  private static final int WIDTH = 19;
  private static final int FEATURES = 32;

  enum Norm {
    BATCH,
    RENORM,
    FIXED,
    /** A bias where the others normalize. */
    NONE
  }

  private final Parameters.Builder weights = Parameters.builder();
  private final Parameters.Builder moments = Parameters.builder();
  private final List<Parameters.Parameter> trained = new ArrayList<>();
  private final Graph.Builder graph = Graph.builder();
  private final Norm norm;
  private final Value.Input images;
  private final Value.Input augment;
  private final Value.Input labels;
  private final Value.Input mask = graph.input("mask", TensorType.f32(CLASSES));
  private final Value.Input limits = graph.input("limits", TensorType.f32(3));
  private final Value.Input rate = graph.input("rate", TensorType.f32(Shape.SCALAR));
  private final Parameters layout;
  private final Parameters momentLayout;
  private final Map<String, Variable> variables = new LinkedHashMap<>();
  private final int miniBatch;

  TrainingGraph(int miniBatch, Norm norm) {
    this.norm = norm;
    this.miniBatch = miniBatch;
    images = graph.input("images", TensorType.u8(miniBatch, 3, SIZE + 2, SIZE + 2));
    augment = graph.input("augment", TensorType.i32(miniBatch, 3));
    labels = graph.input("labels", TensorType.i32(miniBatch));
    declare();
    layout = weights.build();
    momentLayout = moments.build();
    for (String name : List.of("weights", "gradients", "momentum", "trajectory", "importance")) {
      variables.put(name, layout.variable(name));
    }
    variables.put("moments", momentLayout.variable("moments"));
    build();
  }

  private void declare() {
    declare("conv1", Shape.of(WIDTH, 3, 3, 3));
    declare("conv2", Shape.of(WIDTH, 1, 3, 3));
    declare("conv3", Shape.of(FEATURES, WIDTH, 1, 1));
    trained.add(weights.add("head", Role.HEAD, Shape.of(CLASSES, FEATURES), FEATURES));
  }

  private void declare(String name, Shape shape) {
    Shape channels = Shape.of(shape.dim(0));
    trained.add(weights.add(name, Role.CONVOLUTION, shape, 9));
    if (norm != Norm.NONE) {
      trained.add(weights.add(name + "/scale", Role.NORM_SCALE, channels, 0));
    }
    trained.add(weights.add(name + "/shift", Role.NORM_SHIFT, channels, 0));
    moments.add(name + "/mean", Role.MOVING_MEAN, channels, 0);
    moments.add(name + "/variance", Role.MOVING_VARIANCE, channels, 0);
  }

  private Variable variable(String name) {
    return Objects.requireNonNull(variables.get(name), name);
  }

  private Value.View weight(String variable, String name) {
    return layout.view(variable(variable), layout.get(name));
  }

  private Value.View moment(String name) {
    return momentLayout.view(variable("moments"), momentLayout.get(name));
  }

  private void build() {
    NormalizeImage normalize =
        new NormalizeImage(List.of(120f, 110f, 130f), List.of(60f, 55f, 70f), SIZE, SIZE);
    Value x = graph.one(normalize, images, augment);
    x = layer("conv1", Conv2d.of(1, 1), x);
    x = layer("conv2", Conv2d.depthwise(WIDTH, 1, 1), x);
    x = layer("conv3", Conv2d.of(1, 0), x);
    Value features = graph.one(new GlobalAveragePool(), x);
    Value logits = graph.one(new MatMul(false, true), features, weight("weights", "head"));
    Value loss = graph.apply(new SoftmaxCrossEntropy(0.1f), logits, labels, mask).get(0);
    graph.output("loss", loss);
    Map<Value.View, Value.View> gradients = new LinkedHashMap<>();
    List<SgdSynaptic.Segment> segments = new ArrayList<>();
    for (Parameters.Parameter p : trained) {
      gradients.put(weight("weights", p.name()), weight("gradients", p.name()));
      boolean synaptic = p.role() == Role.CONVOLUTION;
      segments.add(new SgdSynaptic.Segment(p.offset(), p.size(), 1f, 5e-4f, synaptic));
    }
    Autodiff.backward(graph, loss, gradients);
    update(segments);
  }

  private void update(List<SgdSynaptic.Segment> segments) {
    SgdSynaptic sgd =
        new SgdSynaptic(
            segments,
            0.9f,
            true,
            SgdSynaptic.Penalty.GRADIENT_SCALE,
            1e-3f,
            1f,
            SgdSynaptic.Trajectory.TASK_GRADIENT);
    List<Value> operands = new ArrayList<>(List.of(rate));
    List<String> names = List.of("weights", "gradients", "momentum", "trajectory", "importance");
    names.forEach(name -> operands.add(variable(name).view()));
    List<Graph.Destination> destinations = new ArrayList<>();
    List<String> results = List.of("weights", "momentum", "trajectory");
    for (int i = 0; i < results.size(); i++) {
      destinations.add(new Graph.Destination(i, variable(results.get(i)).view()));
    }
    graph.apply(sgd, operands, destinations);
  }

  private Value layer(String name, Conv2d conv, Value x) {
    Value y = graph.one(conv, x, weight("weights", name));
    Value shift = weight("weights", name + "/shift");
    if (norm == Norm.NONE) {
      return graph.one(Pointwise.RELU, graph.one(new AddBias(), y, shift));
    }
    Value scale = weight("weights", name + "/scale");
    Value.View mean = moment(name + "/mean");
    Value.View variance = moment(name + "/variance");
    List<Graph.Destination> moved =
        List.of(new Graph.Destination(2, mean), new Graph.Destination(3, variance));
    Value normalized =
        switch (norm) {
          case BATCH ->
              graph
                  .apply(
                      new BatchNorm(1e-5f, 0.9f), List.of(y, scale, shift, mean, variance), moved)
                  .get(0);
          case RENORM ->
              graph
                  .apply(
                      new BatchRenorm(1e-5f),
                      List.of(y, scale, shift, mean, variance, limits),
                      moved)
                  .get(0);
          default -> graph.one(new BatchNormInference(1e-5f), y, scale, shift, mean, variance);
        };
    return graph.one(Pointwise.RELU, normalized);
  }

  /** This graph compiled on a backend, with variables of its own. */
  Session on(Backend backend) {
    return new Session(backend);
  }

  final class Session implements AutoCloseable {
    private final Store store;
    private final Plan plan;

    private Session(Backend backend) {
      store = backend.allocate(variables.values());
      plan = backend.compile(graph.build(), store);
    }

    void initialize(Rng rng) {
      float[] values = new float[layout.size()];
      float[] importance = new float[layout.size()];
      for (Parameters.Parameter p : layout.all()) {
        double deviation = p.fanIn() == 0 ? 0.1 : Math.sqrt(2.0 / p.fanIn());
        for (int i = p.offset(); i < p.offset() + p.size(); i++) {
          values[i] = (float) (deviation * rng.nextGaussian());
          importance[i] = 1e-3f * rng.nextFloat();
          if (p.role() == Role.NORM_SCALE) {
            values[i] += 1;
          }
        }
      }
      store.write(variable("weights"), values);
      store.write(variable("importance"), importance);
      float[] moving = new float[momentLayout.size()];
      for (Parameters.Parameter p : momentLayout.all()) {
        if (p.role() == Role.MOVING_VARIANCE) {
          java.util.Arrays.fill(moving, p.offset(), p.offset() + p.size(), 1f);
        }
      }
      store.write(variable("moments"), moving);
    }

    void step(Rng rng) {
      byte[] pixels = new byte[images.type().shape().size()];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = (byte) rng.nextInt();
      }
      int[] classes = new int[miniBatch];
      int[] choices = new int[3 * miniBatch];
      for (int i = 0; i < miniBatch; i++) {
        classes[i] = i == 1 ? -1 : rng.nextInt(CLASSES);
        choices[3 * i] = rng.nextInt(2);
        choices[3 * i + 1] = rng.nextInt(5) - 1;
        choices[3 * i + 2] = rng.nextInt(5) - 1;
      }
      plan.write(images, pixels);
      plan.write(labels, classes);
      plan.write(augment, choices);
      plan.write(mask, new float[] {1, 1, 1, 0.5f, 1});
      plan.write(rate, 0.01f);
      if (norm == Norm.RENORM) {
        plan.write(limits, new float[] {1.5f, 0.5f, 0.9f});
      }
      plan.run();
    }

    /** Every variable, and the loss of the last step. */
    Map<String, float[]> state() {
      Map<String, float[]> state = new LinkedHashMap<>();
      variables.forEach((name, variable) -> state.put(name, store.read(variable)));
      state.put("loss", plan.read("loss"));
      return state;
    }

    long bytes() {
      return plan.bytes();
    }

    @Override
    public void close() {
      plan.close();
      store.close();
    }
  }
}
