package dev.accrete.bench.gpu;

import dev.accrete.bench.gpu.vendor.Vendor;
import dev.accrete.core.Autodiff;
import dev.accrete.core.DType;
import dev.accrete.core.Graph;
import dev.accrete.core.Node;
import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Precision;
import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.op.BatchNormInference;
import dev.accrete.core.op.BatchRenorm;
import dev.accrete.core.op.MatMul;
import dev.accrete.core.op.NormalizeImage;
import dev.accrete.core.op.Op;
import dev.accrete.core.op.SoftmaxCrossEntropy;
import dev.accrete.kernels.cuda.CoreChoice;
import dev.accrete.kernels.spec.OpSpec;
import dev.accrete.kernels.spec.OpSpecs;
import dev.accrete.nn.MobileNetV1;
import dev.accrete.nn.Network;
import dev.accrete.nn.Norms;
import dev.accrete.nn.Variables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What is timed: every op at every shape that training MobileNetV1 has, products of matrices, what
 * AR1* does with weights, head and latents, whole steps, and experiences of a NICv2-391 pass; then
 * again in lower precision what tensor cores take part in. NVIDIA's own libraries follow each of
 * our ops that they have too.
 */
final class GpuCases {
  /** What products by each kind of kernels are listed under. */
  static final String BY_CORE = "product on tensor cores";

  /** What is found in the names of these: few, because each is timed four times. */
  private static final List<String> COMPARED_BY_CORE =
      List.of(
          "MatMul:1024x1024:",
          "MatMul:4096x4096:",
          "MatMul:8192x8192:",
          "128x64x1x1",
          "512x512x1x1");

  private static final int CLASSES = 50;

  /** Few enough rows for the reference backend. */
  private static final int SIBLING_ROWS = 2;

  private static final int SIBLING_PRODUCT = 64;

  private GpuCases() {}

  /** How large the work is. */
  enum Size {
    /** MobileNetV1 1.0 at 128 pixels with mini-batches of 128: what figures are about. */
    FULL(1.0, 128, 128, PassCase.EXPERIENCES),
    /** A rehearsal: the same cases, as small as they can be, one shape of each family. */
    QUICK(0.25, 32, 8, 3);

    private final double width;
    private final int image;
    private final int miniBatch;
    private final int experiences;

    Size(double width, int image, int miniBatch, int experiences) {
      this.width = width;
      this.image = image;
      this.miniBatch = miniBatch;
      this.experiences = experiences;
    }

    double width() {
      return width;
    }

    int image() {
      return image;
    }

    int miniBatch() {
      return miniBatch;
    }

    int experiences() {
      return experiences;
    }

    /** The sides of square products. */
    List<Integer> products() {
      return this == FULL ? List.of(512, 1024, 2048, 4096, 8192) : List.of(64);
    }
  }

  /**
   * A case by name.
   *
   * @param family what it is listed under
   * @param precision to which products round on the device that it is compiled for
   * @param open compiles it on a device
   */
  record Case(String name, String family, Precision precision, Function<GpuBench, Workload> open) {}

  /** The cases of a size whose name or family a pattern is found in. */
  static List<Case> matching(Size size, Pattern only) {
    return all(size).stream()
        .filter(one -> only.matcher(one.name()).find() || only.matcher(one.family()).find())
        .toList();
  }

  /** All cases of a size, in the order in which they are measured. */
  static List<Case> all(Size size) {
    List<Sample> ops = new ArrayList<>(network(size));
    size.products().forEach(n -> ops.add(product(n)));
    Network network = MobileNetV1.of(size.width(), CLASSES, size.image());
    Map<String, Case> cases = new LinkedHashMap<>();
    ops.addAll(inference(ops));
    ops.forEach(one -> one.besideVendors(Precision.FP32).forEach(each -> add(cases, each)));
    StateCases.of(network, size.miniBatch(), size == Size.QUICK).forEach(one -> add(cases, one));
    steps(size, Precision.FP32).forEach(one -> add(cases, one));
    List<Sample> products = ops.stream().filter(one -> TensorCores.take(one.spec)).toList();
    for (Precision precision : TensorCores.PRECISIONS) {
      products.forEach(one -> one.besideVendors(precision).forEach(each -> add(cases, each)));
      products.stream()
          .filter(one -> isComparedByCore(size, one))
          .forEach(one -> byCore(one, precision).forEach(each -> add(cases, each)));
      steps(size, precision).forEach(one -> add(cases, one));
    }
    return List.copyOf(cases.values());
  }

  private static void add(Map<String, Case> cases, Case one) {
    cases.putIfAbsent(one.name(), one);
  }

  /** Whole steps, and experiences of a pass. */
  private static List<Case> steps(Size size, Precision precision) {
    List<Case> cases = new ArrayList<>();
    for (StepKind kind : StepKind.values()) {
      String name = "step:" + kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
      cases.add(
          new Case(
              TensorCores.name(name, precision),
              "training step",
              precision,
              bench -> new StepCase(bench, kind, size)));
    }
    cases.add(
        new Case(
            TensorCores.name("experience:nicv2-391", precision),
            "NICv2-391 pass",
            precision,
            bench -> new PassCase(bench, size)));
    return cases;
  }

  /** An op to time, and the same on few rows to compare with the reference. */
  private record Sample(OpSpec.Case spec, OpSpec.Case sibling) {
    Case in(Precision precision) {
      return new Case(
          TensorCores.name(OpNames.name(spec), precision),
          OpNames.family(spec.op()),
          precision,
          bench -> new OpWorkload(bench, spec, sibling));
    }

    /** Ours, then NVIDIA's libraries on the same. */
    List<Case> besideVendors(Precision precision) {
      Case ours = in(precision);
      List<Case> cases = new ArrayList<>(List.of(ours));
      for (Vendor vendor : Vendor.values()) {
        if (vendor.does(spec.op(), precision)) {
          cases.add(
              new Case(
                  vendor.name(ours.name()),
                  ours.family(),
                  precision,
                  bench -> new VendorWorkload(bench, vendor, spec, sibling)));
        }
      }
      return cases;
    }
  }

  /** What batch renormalization becomes once a network is trained, at the same shapes. */
  private static List<Sample> inference(List<Sample> ops) {
    return ops.stream()
        .filter(one -> one.spec.op() instanceof BatchRenorm)
        .map(one -> new Sample(inference(one.spec), inference(one.sibling)))
        .toList();
  }

  private static OpSpec.Case inference(OpSpec.Case training) {
    BatchRenorm op = (BatchRenorm) training.op();
    return at(new BatchNormInference(op.epsilon()), training.inputTypes().subList(0, 5));
  }

  /** The same product by each kind of kernels, so that one run tells which is faster. */
  private static List<Case> byCore(Sample product, Precision precision) {
    return Stream.of(CoreChoice.PORTABLE, CoreChoice.HOPPER)
        .map(
            core ->
                new Case(
                    product.in(precision).name() + ":" + core.label(),
                    BY_CORE,
                    precision,
                    bench -> new OpWorkload(bench.choosing(core), product.spec, product.sibling)))
        .toList();
  }

  /** Large products, and a wide and a narrow convolution of single pixels with its gradients. */
  private static boolean isComparedByCore(Size size, Sample product) {
    String name = OpNames.name(product.spec);
    return size == Size.QUICK
        ? product.spec.op() instanceof MatMul
        : COMPARED_BY_CORE.stream().anyMatch(shapes -> name.contains(shapes));
  }

  /**
   * A case of an op in fp32.
   *
   * @param sibling the same on few rows, which plain loops compute in time
   */
  static Case op(String name, OpSpec.Case spec, OpSpec.Case sibling) {
    return new Case(
        name,
        OpNames.family(spec.op()),
        Precision.FP32,
        bench -> new OpWorkload(bench, spec, sibling));
  }

  /** The nodes of a training step, and of the same step on fewer rows, side by side. */
  private static List<Sample> network(Size size) {
    Network network = MobileNetV1.of(size.width(), CLASSES, size.image());
    List<Node> nodes = training(network, size.miniBatch()).nodes();
    List<Node> siblings = training(network, SIBLING_ROWS).nodes();
    List<Sample> cases = new ArrayList<>();
    Set<String> families = new HashSet<>();
    for (int i = 0; i < nodes.size(); i++) {
      Op op = nodes.get(i).op();
      if (size == Size.QUICK && !families.add(OpNames.family(op))) {
        continue;
      }
      Node few = siblings.get(i);
      OpSpecs.at(op, nodes.get(i).inputTypes())
          .ifPresent(spec -> cases.add(new Sample(spec, at(few.op(), few.inputTypes()))));
    }
    return cases;
  }

  private static Graph training(Network network, int miniBatch) {
    Graph.Builder graph = Graph.builder();
    TensorType images =
        TensorType.u8(miniBatch, network.channels(), network.height(), network.width());
    List<Float> ones = List.of(1f, 1f, 1f);
    Value normalized =
        graph.one(
            new NormalizeImage(ones, ones, network.height(), network.width()),
            graph.input("images", images),
            graph.input("augment", TensorType.i32(miniBatch, 3)));
    Variables variables = network.variables();
    Norms norms = Norms.renorm(graph.input("limits", TensorType.f32(3)));
    Value logits = network.forward(graph, normalized, norms, variables).logits();
    Value loss =
        graph
            .apply(
                new SoftmaxCrossEntropy(0),
                logits,
                graph.input("labels", TensorType.i32(miniBatch)),
                graph.input("mask", TensorType.f32(network.classes())))
            .getFirst();
    Map<Value.View, Value.View> destinations = new LinkedHashMap<>();
    for (Parameter parameter : network.parameters().all()) {
      destinations.put(
          network.parameters().view(variables.weights(), parameter),
          network.parameters().view(variables.gradients(), parameter));
    }
    Autodiff.backward(graph, loss, destinations);
    return graph.build();
  }

  private static Sample product(int n) {
    MatMul op = new MatMul(false, false);
    int rows = Math.min(n, SIBLING_PRODUCT);
    return new Sample(
        at(op, Shape.of(n, n), Shape.of(n, n)), at(op, Shape.of(rows, n), Shape.of(n, rows)));
  }

  private static OpSpec.Case at(Op op, Shape... shapes) {
    return at(op, Arrays.stream(shapes).map(s -> new TensorType(DType.F32, s)).toList());
  }

  private static OpSpec.Case at(Op op, List<TensorType> types) {
    return OpSpecs.at(op, types)
        .orElseThrow(() -> new IllegalStateException(op.name() + " has no spec of shapes"));
  }
}
