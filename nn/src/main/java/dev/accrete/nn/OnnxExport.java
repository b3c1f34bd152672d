package dev.accrete.nn;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Graph;
import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.nn.io.AtomicFiles;
import dev.accrete.nn.layer.Layer;
import dev.accrete.nn.layer.Scope;
import dev.accrete.nn.onnx.OnnxAttribute;
import dev.accrete.nn.onnx.OnnxGraph;
import dev.accrete.nn.onnx.OnnxLayers;
import dev.accrete.nn.onnx.OnnxType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * Writes models as ONNX files (onnx.ai; IR version 8, operator set 17), for other runtimes.
 *
 * <p>A file takes image bytes as {@link Predictor#probabilities} does, any number of them, and
 * gives what that gives: u8 {@value #IMAGES} [N, C, height, width], planar, red first, to f32
 * {@value #SCORES} and {@value #PROBABILITIES} [N, classes] in the order of {@link
 * Model#classes()}. How bytes become floats, mirror images, bias and temperature are part of the
 * graph; how a picture becomes such bytes is not: the central square, averaged over areas when
 * shrunk and interpolated when enlarged. Its metadata hold what {@link Model#save} writes beside
 * the tensors, {@code classes} as a JSON list among them, and the {@code modelSha256} that {@link
 * Model#digest} gives. Equal models give equal files.
 *
 * <p>A head on moments of layers is summed in double precision, as scores are small differences of
 * large terms there: such a file needs a runtime that has Cast and Gemm for doubles. For the same
 * reason such heads amplify how features are rounded: other runtimes' answers differ from ours as
 * those of two backends do (1e-3 of a probability was seen, where networks under their own head
 * stay within 1e-5).
 *
 * <p>Layers are translated by the ops they append, those from outside too. Only an op that trains,
 * or one whose settings depend on the number of images, has no ONNX form.
 */
public final class OnnxExport {
  /** The input. */
  public static final String IMAGES = "images";

  /** The output that tells how likely each class is. */
  public static final String PROBABILITIES = "probabilities";

  /** The output that the softmax is of: with bias, divided by the temperature. */
  public static final String SCORES = "scores";

  /** The output of {@link #network}. */
  public static final String LOGITS = "logits";

  private static final String PIXELS =
      "planar bytes, red first, of an image's central square, averaged over areas when shrunk and"
          + " interpolated when enlarged";

  private static final String INPUT = "input";

  private final Network network;
  private final Variables variables;
  private final OnnxGraph graph;
  private final OnnxLayers layers;

  private OnnxExport(String name, Network network, Weights weights) {
    this.network = network;
    variables = network.variables();
    graph = new OnnxGraph(name);
    layers =
        new OnnxLayers(
            graph,
            name,
            Map.of(
                variables.weights(),
                new OnnxLayers.Stored(network.parameters(), weights.parameters()),
                variables.moments(),
                new OnnxLayers.Stored(network.moments(), weights.moments())));
  }

  /**
   * Writes a model, atomically.
   *
   * @throws AccreteException if a layer has no ONNX form (naming it), the file would have more than
   *     2^31-1 bytes, or it cannot be written; an old file of that name is then untouched
   */
  public static void write(Model model, Path file) {
    OnnxExport export = new OnnxExport(model.toString(), model.network(), model.ownWeights());
    AtomicFiles.write(file, export.model(model));
  }

  /**
   * The layers alone, as an ONNX file for a fixed number of images: f32 {@value #IMAGES}
   * [miniBatch, C, height, width], normalized, to f32 {@value #LOGITS} [miniBatch, classes].
   *
   * @throws AccreteException if a layer has no ONNX form (naming it), or the file would have more
   *     than 2^31-1 bytes
   */
  public static byte[] network(Network network, Weights weights, int miniBatch) {
    return new OnnxExport(network.name(), network, weights).logits(miniBatch);
  }

  private byte[] logits(int miniBatch) {
    graph.output(LOGITS, OnnxType.FLOAT, "before the softmax", miniBatch, network.classes());
    String images = images(OnnxType.FLOAT, "normalized", miniBatch);
    graph.bind(LOGITS, head(body(images)));
    return graph.model(network.name(), Collections.emptySortedMap()).toBytes();
  }

  private List<byte[]> model(Model model) {
    int classes = network.classes();
    graph.output(
        PROBABILITIES,
        OnnxType.FLOAT,
        "of each class, in the order of 'classes' in the metadata",
        OnnxGraph.BATCH,
        classes);
    graph.output(SCORES, OnnxType.FLOAT, "what the softmax is of", OnnxGraph.BATCH, classes);
    String images = images(OnnxType.UINT8, PIXELS, OnnxGraph.BATCH);
    String logits =
        model
            .momentHead()
            .map(head -> momentHead(head, images, model.preprocessing()))
            .orElseGet(() -> head(body(normalized(images, model.preprocessing()))));
    String scores = scores(model, logits);
    graph.bind(SCORES, scores);
    graph.bind(
        PROBABILITIES,
        graph.node(PROBABILITIES, "Softmax", List.of(scores), OnnxAttribute.integer("axis", 1)));
    SortedMap<String, String> remarks = new TreeMap<>(model.remarks());
    remarks.putAll(Remarks.ascii(model.classes()));
    remarks.put("modelSha256", model.digest());
    return graph.model(model.toString(), remarks).parts();
  }

  private String images(OnnxType type, String remark, long count) {
    return graph.input(
        IMAGES, type, remark, count, network.channels(), network.height(), network.width());
  }

  private String normalized(String images, Preprocessing preprocessing) {
    String mean = perChannel("mean", preprocessing.mean());
    String std = perChannel("std", preprocessing.std());
    String floats = cast(INPUT, images, OnnxType.FLOAT);
    String centred = graph.node(INPUT, "Sub", List.of(floats, mean));
    return graph.node(INPUT, "Div", List.of(centred, std));
  }

  private String perChannel(String name, List<Float> numbers) {
    float[] values = new float[numbers.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = numbers.get(i);
    }
    return graph.floats(INPUT + "." + name, values, 0, 1, values.length, 1, 1);
  }

  private String cast(String owner, String value, OnnxType type) {
    return graph.node(owner, "Cast", List.of(value), OnnxAttribute.integer("to", type.code()));
  }

  private String scores(Model model, String logits) {
    String scores = logits;
    float[] bias = model.ownBias();
    if (bias.length > 0) {
      String added = graph.floats(Model.BIAS, bias, 0, bias.length);
      scores = graph.node(SCORES, "Add", List.of(scores, added));
    }
    if (model.temperature() != 1) {
      scores = graph.node(SCORES, "Div", List.of(scores, graph.scalar(model.temperature())));
    }
    return scores;
  }

  /** What a piece of the network gives: its name, and the shape of it for one image. */
  private record Result(String name, Shape shape) {}

  /** A piece of the network, as it appends itself to graphs of ours. */
  private interface Piece extends BiFunction<Scope, Value, List<Value>> {}

  private Result image(String images) {
    return new Result(images, network.input());
  }

  private String body(String images) {
    Result x = image(images);
    for (Layer layer : network.body()) {
      x = append(layer.name(), x, (scope, in) -> List.of(layer.forward(scope, in))).getFirst();
    }
    return x.name();
  }

  private String head(String features) {
    Result x = new Result(features, Shape.of(network.featureSize()));
    Piece head = (scope, in) -> List.of(network.logits(scope, in));
    return append(network.layerNames().getLast(), x, head).getFirst().name();
  }

  private String momentHead(MomentHead head, String images, Preprocessing preprocessing) {
    int size = head.moments().size(network);
    String all = head.mirrored() ? withMirrored(images) : images;
    String features = moments(head.moments(), normalized(all, preprocessing));
    if (head.mirrored()) {
      features =
          graph.node(
              Model.HEAD,
              "ReduceMean",
              List.of(
                  graph.node(
                      Model.HEAD, "Reshape", List.of(features, graph.integers(2, -1, size)))),
              OnnxAttribute.integers("axes", 0),
              OnnxAttribute.integer("keepdims", 0));
    }
    String weights = graph.floats(Model.HEAD, head.weights(), 0, network.classes(), size);
    List<String> operands =
        List.of(
            cast(Model.HEAD, features, OnnxType.DOUBLE),
            cast(Model.HEAD, weights, OnnxType.DOUBLE));
    String sums = graph.node(Model.HEAD, "Gemm", operands, OnnxAttribute.integer("transB", 1));
    return cast(Model.HEAD, sums, OnnxType.FLOAT);
  }

  /** The images, and behind them all of them once more, from right to left. */
  private String withMirrored(String images) {
    List<String> backwards =
        List.of(
            images,
            graph.integers(-1),
            graph.integers(-1L - network.width()),
            graph.integers(3),
            graph.integers(-1));
    String mirrored = graph.node(INPUT, "Slice", backwards);
    return graph.node(INPUT, "Concat", List.of(images, mirrored), OnnxAttribute.integer("axis", 0));
  }

  private String moments(LayerMoments moments, String images) {
    Map<String, Boolean> wanted = new HashMap<>();
    moments.parts().forEach(part -> wanted.put(part.layer(), part.deviation()));
    List<String> features = new ArrayList<>();
    Result x = image(images);
    for (Layer layer : network.body()) {
      if (wanted.isEmpty()) {
        break;
      }
      Boolean deviation = wanted.remove(layer.name());
      List<Result> results =
          append(
              layer.name(),
              x,
              (scope, in) -> {
                List<Value> values = new ArrayList<>(List.of(layer.forward(scope, in)));
                if (deviation != null) {
                  values.addAll(
                      MomentInference.describe(scope.graph(), values.getFirst(), deviation));
                }
                return values;
              });
      x = results.getFirst();
      results.stream().skip(1).map(Result::name).forEach(features::add);
    }
    return features.size() == 1
        ? features.getFirst()
        : graph.node(Model.HEAD, "Concat", features, OnnxAttribute.integer("axis", 1));
  }

  private List<Result> append(String layer, Result x, Piece piece) {
    Graph few = graph(x.shape(), OnnxLayers.FEW, piece);
    Graph more = graph(x.shape(), OnnxLayers.MORE, piece);
    List<String> names = layers.write(layer, few, more, x.name());
    List<Value> values = List.copyOf(few.outputs().sequencedValues());
    return IntStream.range(0, names.size())
        .mapToObj(i -> new Result(names.get(i), ofOne(values.get(i).type().shape())))
        .toList();
  }

  private Graph graph(Shape image, int images, Piece piece) {
    Graph.Builder builder = Graph.builder();
    int[] extents = IntStream.concat(IntStream.of(images), IntStream.of(image.toArray())).toArray();
    Value.Input x = builder.input(OnnxLayers.INPUT, TensorType.f32(extents));
    List<Value> results = piece.apply(Scope.of(builder, Norms.fixed(), variables), x);
    for (int i = 0; i < results.size(); i++) {
      builder.output(Integer.toString(i), results.get(i));
    }
    return builder.build();
  }

  private static Shape ofOne(Shape images) {
    return Shape.of(Arrays.stream(images.toArray()).skip(1).toArray());
  }
}
