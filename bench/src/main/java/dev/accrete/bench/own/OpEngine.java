package dev.accrete.bench.own;

import dev.accrete.bench.work.Engine;
import dev.accrete.bench.work.OpWorkload;
import dev.accrete.bench.work.OpWorkload.Pass;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.core.Graph;
import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.op.BatchNorm;
import dev.accrete.core.op.BatchRenormGrad;
import dev.accrete.core.op.Conv2d;
import dev.accrete.core.op.Conv2dInputGrad;
import dev.accrete.core.op.Conv2dWeightGrad;
import dev.accrete.kernels.spec.HostTensor;
import dev.accrete.kernels.spec.SpecRunner;
import dev.accrete.kernels.spec.Tolerance;
import dev.accrete.nn.layer.Norm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One op of ours. Before it is timed, two images of it are compared with the reference backend. */
final class OpEngine implements Engine {
  private static final int CHECKED_IMAGES = 2;
  private static final int PROVEN = 8;
  private static final float AVERAGING = 0.9f;

  private final OpWorkload workload;
  private final Backend backend;
  private final OpProgram program;

  private OpEngine(OpWorkload workload, Backend backend) {
    this.workload = workload;
    this.backend = backend;
    Problem problem = new Problem(workload);
    program = new OpProgram(problem.operands(), problem::build, backend);
  }

  static OpEngine create(OpWorkload workload) {
    return new OpEngine(
        workload, Backends.create(workload.backend(), new BackendOptions(workload.threads())));
  }

  @Override
  public String name() {
    return "accrete, backend " + backend.name();
  }

  @Override
  public long macs() {
    return program.macs();
  }

  @Override
  public long bytes() {
    return program.bytes();
  }

  @Override
  public double run() {
    program.run();
    return 0;
  }

  @Override
  public void verify() {
    program.check();
    Problem small = new Problem(workload.withMiniBatch(CHECKED_IMAGES));
    try (Backend reference = Backends.create("reference", new BackendOptions(1));
        OpProgram expected = new OpProgram(small.operands(), small::build, reference);
        OpProgram actual = new OpProgram(small.operands(), small::build, backend)) {
      expected.run();
      actual.run();
      List<float[]> right = expected.results();
      List<float[]> ours = actual.results();
      for (int i = 0; i < right.size(); i++) {
        SpecRunner.compare(
            workload.name() + ", result " + i,
            Shape.of(right.get(i).length),
            right.get(i),
            ours.get(i),
            small.tolerance());
      }
    }
  }

  @Override
  public List<List<Double>> proof() {
    List<List<Double>> proof = new ArrayList<>();
    for (float[] result : program.results()) {
      List<Double> samples = new ArrayList<>();
      for (int i = 0; i < PROVEN; i++) {
        samples.add((double) result[(int) ((long) result.length * (2 * i + 1) / (2 * PROVEN))]);
      }
      proof.add(samples);
    }
    return proof;
  }

  @Override
  public void close() {
    program.close();
    backend.close();
  }

  /** The op with its operands. */
  private static final class Problem {
    private final OpWorkload workload;
    private final Conv2d conv;
    private final Shape x;
    private final Shape weight;
    private final Shape y;

    Problem(OpWorkload workload) {
      this.workload = workload;
      x = Shape.of(workload.miniBatch(), workload.channels(), workload.size(), workload.size());
      int pad = workload.kernel() / 2;
      conv = new Conv2d(workload.stride(), workload.stride(), pad, pad, workload.groups());
      int kernel = Math.max(1, workload.kernel());
      weight =
          Shape.of(workload.filters(), workload.channels() / workload.groups(), kernel, kernel);
      y = workload.normalizes() ? x : conv.outputShape(x, weight);
    }

    List<HostTensor> operands() {
      boolean backward = workload.pass() == Pass.BACKWARD;
      List<HostTensor> operands = new ArrayList<>();
      operands.add(tensor(0, x));
      if (workload.normalizes()) {
        int channels = x.dim(1);
        operands.add(constant(1, Shape.of(channels)));
        if (backward) {
          operands.add(saved(operands.getFirst().floats()));
        } else {
          operands.add(constant(0, Shape.of(channels)));
          operands.add(constant(0, Shape.of(channels)));
          operands.add(constant(1, Shape.of(channels)));
        }
      } else {
        operands.add(tensor(1, weight));
      }
      if (backward) {
        operands.add(tensor(2, y));
      }
      return operands;
    }

    private static HostTensor tensor(int operand, Shape shape) {
      float[] values = new float[shape.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = OpWorkload.element(operand, i);
      }
      return HostTensor.of(TensorType.f32(shape), values);
    }

    private static HostTensor constant(float value, Shape shape) {
      float[] values = new float[shape.size()];
      Arrays.fill(values, value);
      return HostTensor.of(TensorType.f32(shape), values);
    }

    /** What {@link BatchNorm} would have kept: mean, 1/deviation, ones, zeros. */
    private HostTensor saved(float[] values) {
      int channels = x.dim(1);
      int plane = x.dim(2) * x.dim(3);
      float[] saved = new float[4 * channels];
      for (int c = 0; c < channels; c++) {
        double sum = 0;
        double squares = 0;
        for (int n = 0; n < x.dim(0); n++) {
          int from = (n * channels + c) * plane;
          for (int i = from; i < from + plane; i++) {
            sum += values[i];
            squares += (double) values[i] * values[i];
          }
        }
        double mean = sum / x.dim(0) / plane;
        double variance = squares / x.dim(0) / plane - mean * mean;
        saved[c] = (float) mean;
        saved[channels + c] = (float) (1 / Math.sqrt(variance + Norm.EPSILON));
        saved[2 * channels + c] = 1;
      }
      return HostTensor.of(TensorType.f32(4, channels), saved);
    }

    List<Value> build(Graph.Builder graph, List<Value> operands) {
      if (workload.normalizes()) {
        return workload.pass() == Pass.FORWARD
            ? graph.apply(new BatchNorm(Norm.EPSILON, AVERAGING), operands, List.of()).subList(0, 1)
            : graph.apply(new BatchRenormGrad(), operands, List.of());
      }
      Value input = operands.get(0);
      Value filter = operands.get(1);
      if (workload.pass() == Pass.FORWARD) {
        return List.of(graph.one(conv, input, filter));
      }
      Value dy = operands.get(2);
      List<Value> gradients = new ArrayList<>();
      if (workload.inputGradient()) {
        gradients.add(graph.one(new Conv2dInputGrad(conv, x), dy, filter));
      }
      gradients.add(graph.one(new Conv2dWeightGrad(conv, weight), input, dy));
      return gradients;
    }

    /** A bound that fits the longest sum of any result; magnitudes of terms are below 4. */
    Tolerance tolerance() {
      long perChannel = y.size() / y.dim(1);
      long perElement =
          (long) weight.size() / Math.min(weight.dim(0), weight.dim(1) * workload.groups());
      return Tolerance.sum(Math.max(perChannel, perElement), 4);
    }
  }
}
