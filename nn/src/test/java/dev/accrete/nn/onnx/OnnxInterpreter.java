package dev.accrete.nn.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * Runs the operators that exports use, by the words of their specification (Operators.md, set 17),
 * in plain loops and double precision. Whether the specification was understood, the test in {@code
 * bench} asks ONNX Runtime.
 */
public final class OnnxInterpreter {
  private final OnnxFile file;
  private final Map<String, OnnxTensor> values = new HashMap<>();

  public OnnxInterpreter(OnnxFile file) {
    this.file = file;
  }

  /** Runs all nodes. */
  public OnnxInterpreter run(OnnxTensor input) {
    values.clear();
    values.putAll(file.initializers());
    values.put(file.inputs().getFirst().name(), input);
    for (OnnxFile.Node node : file.nodes()) {
      values.put(node.output(), run(node, node.inputs().stream().map(this::value).toList()));
    }
    return this;
  }

  /** What a value became in the last run. */
  public OnnxTensor value(String name) {
    return Objects.requireNonNull(values.get(name), name);
  }

  private static OnnxTensor run(OnnxFile.Node node, List<OnnxTensor> in) {
    OnnxTensor x = in.getFirst();
    return switch (node.type()) {
      case "Identity", "Cast" -> x;
      case "Add" -> broadcast(x, in.get(1), Double::sum);
      case "Sub" -> broadcast(x, in.get(1), (a, b) -> a - b);
      case "Mul" -> broadcast(x, in.get(1), (a, b) -> a * b);
      case "Div" -> broadcast(x, in.get(1), (a, b) -> a / b);
      case "Relu" -> map(x, v -> Math.max(v, 0));
      case "Sqrt" -> map(x, Math::sqrt);
      case "Tanh" -> map(x, Math::tanh);
      case "Sigmoid" -> map(x, v -> 1 / (1 + Math.exp(-v)));
      case "HardSwish" -> map(x, v -> v * Math.max(0, Math.min(1, v / 6 + 0.5)));
      case "Conv" -> convolution(node, x, in.get(1));
      case "MaxPool" -> pool(node, x, true);
      case "AveragePool" -> pool(node, x, false);
      case "BatchNormalization" -> normalization(node, in);
      case "LRN" -> response(node, x);
      case "Gemm" -> product(node, x, in.get(1));
      case "Softmax" -> softmax(x);
      case "GlobalAveragePool" -> planeMeans(x);
      case "Flatten" ->
          new OnnxTensor(new int[] {x.extent(0), x.values().length / x.extent(0)}, x.values());
      case "ReduceMean" -> firstMean(node, x);
      case "Reshape" -> reshape(x, in.get(1).integers());
      case "Shape" -> {
        int from = (int) node.integer("start", 0);
        int to = (int) node.integer("end", x.rank());
        double[] extents = IntStream.range(from, to).mapToDouble(x::extent).toArray();
        yield new OnnxTensor(new int[] {to - from}, extents);
      }
      case "ConstantOfShape" -> {
        int[] extents = x.integers();
        double[] filled = new double[OnnxTensor.size(extents)];
        Arrays.fill(filled, node.setting("value").message(5).bytes(4).getFloat());
        yield new OnnxTensor(extents, filled);
      }
      case "Concat" -> concat(in, (int) node.integer("axis", 0));
      case "Slice" -> backwards(in);
      default -> throw new IllegalArgumentException(node.type());
    };
  }

  private static OnnxTensor map(OnnxTensor x, DoubleUnaryOperator function) {
    return new OnnxTensor(x.extents(), Arrays.stream(x.values()).map(function).toArray());
  }

  /** Extents are lined up from the last; where one is 1 or missing it is repeated. */
  private static OnnxTensor broadcast(OnnxTensor a, OnnxTensor b, DoubleBinaryOperator function) {
    int rank = Math.max(a.rank(), b.rank());
    int[] extents = new int[rank];
    for (int i = 0; i < rank; i++) {
      int ofA = i < rank - a.rank() ? 1 : a.extent(i - rank + a.rank());
      int ofB = i < rank - b.rank() ? 1 : b.extent(i - rank + b.rank());
      if (ofA != ofB && ofA != 1 && ofB != 1) {
        throw new IllegalArgumentException("extents " + ofA + " and " + ofB);
      }
      extents[i] = Math.max(ofA, ofB);
    }
    double[] result = new double[OnnxTensor.size(extents)];
    for (int i = 0; i < result.length; i++) {
      result[i] =
          function.applyAsDouble(a.values()[at(i, extents, a)], b.values()[at(i, extents, b)]);
    }
    return new OnnxTensor(extents, result);
  }

  private static int at(int index, int[] extents, OnnxTensor x) {
    int rest = index;
    int stride = 1;
    int at = 0;
    for (int i = extents.length - 1; i >= extents.length - x.rank(); i--) {
      int own = x.extent(i - extents.length + x.rank());
      at += own == 1 ? 0 : rest % extents[i] * stride;
      stride *= own;
      rest /= extents[i];
    }
    return at;
  }

  private static OnnxTensor convolution(OnnxFile.Node node, OnnxTensor x, OnnxTensor weight) {
    int[] stride = node.integers("strides");
    int[] pads = node.integers("pads");
    int groups = (int) node.integer("group", 1);
    int h = x.extent(2);
    int w = x.extent(3);
    int inputs = weight.extent(1);
    int r = weight.extent(2);
    int s = weight.extent(3);
    int outputs = weight.extent(0);
    int rows = (h + pads[0] + pads[2] - r) / stride[0] + 1;
    int columns = (w + pads[1] + pads[3] - s) / stride[1] + 1;
    double[] y = new double[x.extent(0) * outputs * rows * columns];
    int at = 0;
    for (int n = 0; n < x.extent(0); n++) {
      for (int k = 0; k < outputs; k++) {
        int first = k / (outputs / groups) * inputs;
        for (int i = 0; i < rows; i++) {
          for (int j = 0; j < columns; j++) {
            double sum = 0;
            for (int tap = 0; tap < inputs * r * s; tap++) {
              int row = i * stride[0] - pads[0] + tap / s % r;
              int column = j * stride[1] - pads[1] + tap % s;
              if (row >= 0 && row < h && column >= 0 && column < w) {
                int plane = n * x.extent(1) + first + tap / (r * s);
                sum +=
                    x.values()[(plane * h + row) * w + column]
                        * weight.values()[k * inputs * r * s + tap];
              }
            }
            y[at++] = sum;
          }
        }
      }
    }
    return new OnnxTensor(new int[] {x.extent(0), outputs, rows, columns}, y);
  }

  private static OnnxTensor pool(OnnxFile.Node node, OnnxTensor x, boolean max) {
    int[] kernel = node.integers("kernel_shape");
    int[] stride = node.integers("strides");
    int[] pads = node.integers("pads");
    int h = x.extent(2);
    int w = x.extent(3);
    int rows = (h + pads[0] + pads[2] - kernel[0]) / stride[0] + 1;
    int columns = (w + pads[1] + pads[3] - kernel[1]) / stride[1] + 1;
    int planes = x.extent(0) * x.extent(1);
    double[] y = new double[planes * rows * columns];
    for (int to = 0; to < y.length; to++) {
      int plane = to / columns / rows;
      int top = to / columns % rows * stride[0] - pads[0];
      int left = to % columns * stride[1] - pads[1];
      double[] window =
          IntStream.range(0, kernel[0] * kernel[1])
              .filter(t -> isIn(top + t / kernel[1], h) && isIn(left + t % kernel[1], w))
              .mapToDouble(
                  t -> x.values()[(plane * h + top + t / kernel[1]) * w + left + t % kernel[1]])
              .toArray();
      y[to] =
          max
              ? Arrays.stream(window).max().orElseThrow()
              : Arrays.stream(window).average().orElseThrow();
    }
    return new OnnxTensor(new int[] {x.extent(0), x.extent(1), rows, columns}, y);
  }

  private static boolean isIn(int position, int extent) {
    return position >= 0 && position < extent;
  }

  private static OnnxTensor normalization(OnnxFile.Node node, List<OnnxTensor> in) {
    OnnxTensor x = in.getFirst();
    int plane = x.values().length / x.extent(0) / x.extent(1);
    double[] y = new double[x.values().length];
    for (int i = 0; i < y.length; i++) {
      int c = i / plane % x.extent(1);
      double deviation = Math.sqrt(in.get(4).values()[c] + node.real("epsilon"));
      y[i] =
          (x.values()[i] - in.get(3).values()[c]) / deviation * in.get(1).values()[c]
              + in.get(2).values()[c];
    }
    return new OnnxTensor(x.extents(), y);
  }

  private static OnnxTensor response(OnnxFile.Node node, OnnxTensor x) {
    int size = (int) node.integer("size", 0);
    int channels = x.extent(1);
    int plane = x.extent(2) * x.extent(3);
    double[] y = new double[x.values().length];
    for (int i = 0; i < y.length; i++) {
      int c = i / plane % channels;
      double sum = 0;
      int last = Math.min(channels - 1, c + Math.ceilDiv(size - 1, 2));
      for (int other = Math.max(0, c - (size - 1) / 2); other <= last; other++) {
        sum += Math.pow(x.values()[i + (other - c) * plane], 2);
      }
      double base = node.real("bias") + node.real("alpha") / size * sum;
      y[i] = x.values()[i] / Math.pow(base, node.real("beta"));
    }
    return new OnnxTensor(x.extents(), y);
  }

  private static OnnxTensor product(OnnxFile.Node node, OnnxTensor a, OnnxTensor b) {
    boolean transA = node.integer("transA", 0) == 1;
    boolean transB = node.integer("transB", 0) == 1;
    int rows = a.extent(transA ? 1 : 0);
    int inner = a.extent(transA ? 0 : 1);
    int columns = b.extent(transB ? 0 : 1);
    double[] y = new double[rows * columns];
    for (int i = 0; i < y.length; i++) {
      for (int k = 0; k < inner; k++) {
        int atA = transA ? k * rows + i / columns : i / columns * inner + k;
        int atB = transB ? i % columns * inner + k : k * columns + i % columns;
        y[i] += a.values()[atA] * b.values()[atB];
      }
    }
    return new OnnxTensor(new int[] {rows, columns}, y);
  }

  private static OnnxTensor softmax(OnnxTensor x) {
    int classes = x.extent(1);
    double[] y = new double[x.values().length];
    for (int i = 0; i < y.length; i++) {
      double sum = 0;
      for (int k = 0; k < classes; k++) {
        sum += Math.exp(x.values()[i / classes * classes + k] - x.values()[i]);
      }
      y[i] = 1 / sum;
    }
    return new OnnxTensor(x.extents(), y);
  }

  private static OnnxTensor planeMeans(OnnxTensor x) {
    int plane = x.extent(2) * x.extent(3);
    double[] y = new double[x.extent(0) * x.extent(1)];
    for (int i = 0; i < x.values().length; i++) {
      y[i / plane] += x.values()[i] / plane;
    }
    return new OnnxTensor(new int[] {x.extent(0), x.extent(1), 1, 1}, y);
  }

  private static OnnxTensor firstMean(OnnxFile.Node node, OnnxTensor x) {
    if (!Arrays.equals(node.integers("axes"), new int[] {0}) || node.integer("keepdims", 1) == 1) {
      throw new IllegalArgumentException("another mean than that over the first axis");
    }
    int[] extents = Arrays.copyOfRange(x.extents(), 1, x.rank());
    double[] y = new double[OnnxTensor.size(extents)];
    for (int i = 0; i < x.values().length; i++) {
      y[i % y.length] += x.values()[i] / x.extent(0);
    }
    return new OnnxTensor(extents, y);
  }

  private static OnnxTensor reshape(OnnxTensor x, int[] wanted) {
    int[] extents = wanted.clone();
    int known = Arrays.stream(extents).filter(e -> e != -1).reduce(1, Math::multiplyExact);
    for (int i = 0; i < extents.length; i++) {
      extents[i] = extents[i] == -1 ? x.values().length / known : extents[i];
    }
    return new OnnxTensor(extents, x.values());
  }

  private static OnnxTensor concat(List<OnnxTensor> parts, int axis) {
    int[] extents = parts.getFirst().extents().clone();
    extents[axis] = parts.stream().mapToInt(part -> part.extent(axis)).sum();
    int outer = OnnxTensor.size(Arrays.copyOf(extents, axis));
    List<Double> joined = new ArrayList<>();
    for (int i = 0; i < outer; i++) {
      for (OnnxTensor part : parts) {
        int length = part.values().length / outer;
        for (int k = 0; k < length; k++) {
          joined.add(part.values()[i * length + k]);
        }
      }
    }
    return new OnnxTensor(extents, joined.stream().mapToDouble(v -> v).toArray());
  }

  /** The one slice that is used: a whole axis from its end to its beginning. */
  private static OnnxTensor backwards(List<OnnxTensor> in) {
    OnnxTensor x = in.getFirst();
    int width = x.extent(3);
    List<Integer> settings = in.stream().skip(1).map(setting -> setting.integers()[0]).toList();
    if (!settings.equals(List.of(-1, -1 - width, 3, -1))) {
      throw new IllegalArgumentException("another slice: " + settings);
    }
    double[] y = new double[x.values().length];
    for (int i = 0; i < y.length; i++) {
      y[i] = x.values()[i / width * width + width - 1 - i % width];
    }
    return new OnnxTensor(x.extents(), y);
  }
}
