package dev.accrete.kernels.spec;

import dev.accrete.core.TensorType;
import dev.accrete.core.op.Op;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The specs of all ops. */
public final class OpSpecs {
  private static final List<OpSpec> ALL =
      Stream.of(
              ConvolutionSpecs.all(),
              ElementSpecs.all(),
              PointwiseSpecs.all(),
              ChannelSpecs.all(),
              NormalizationSpecs.all(),
              PoolingSpecs.all(),
              LossSpecs.all(),
              UpdateSpecs.all(),
              SelectionSpecs.all(),
              LatentSpecs.all(),
              SymmetricSpecs.all())
          .flatMap(List::stream)
          .toList();

  private OpSpecs() {}

  /** One spec for each op of the sealed family. */
  public static List<OpSpec> all() {
    return ALL;
  }

  /**
   * The spec of an op.
   *
   * @throws IllegalArgumentException if it has none
   */
  public static OpSpec of(Class<? extends Op> type) {
    return ALL.stream()
        .filter(spec -> spec.type().equals(type))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(type.getSimpleName() + " has no spec"));
  }

  /**
   * A case of an op on operands of other shapes, with operands and tolerances as its spec has them.
   *
   * @return empty for ops whose spec is not a function of shapes
   */
  public static Optional<OpSpec.Case> at(Op op, List<TensorType> operands) {
    return SpecShapes.at(op, operands);
  }

  /** The cases of all specs. */
  public static Stream<OpSpec.Case> cases() {
    return ALL.stream().flatMap(spec -> spec.cases().stream());
  }
}
