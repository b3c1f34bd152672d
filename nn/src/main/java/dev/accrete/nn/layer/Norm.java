package dev.accrete.nn.layer;

import dev.accrete.core.Graph;
import dev.accrete.core.Parameters.Role;
import dev.accrete.core.Shape;
import dev.accrete.core.Value;
import dev.accrete.core.op.BatchNorm;
import dev.accrete.core.op.BatchNormInference;
import dev.accrete.core.op.BatchRenorm;
import dev.accrete.core.op.Op;
import dev.accrete.nn.Norms;
import java.util.ArrayList;
import java.util.List;

/**
 * Normalization per channel; {@link Norms} decides by which moments. Parameters: {@code
 * <name>.gamma}, {@code <name>.beta}; moments: {@code <name>.moving_mean}, {@code
 * <name>.moving_variance}.
 */
public record Norm(String name, float epsilon) implements Layer {
  /** The epsilon of all models here, and of Caffe. */
  public static final float EPSILON = 1e-5f;

  /** A normalization with the usual epsilon. */
  public static Norm of(String name) {
    return new Norm(name, EPSILON);
  }

  @Override
  public Shape declare(Declarations declarations, Shape input) {
    int channels = input.dim(0);
    declarations.parameter(name + ".gamma", Role.NORM_SCALE, Shape.of(channels), 0);
    declarations.parameter(name + ".beta", Role.NORM_SHIFT, Shape.of(channels), 0);
    declarations.moments(mean(), variance(), channels);
    return input;
  }

  @Override
  public Value forward(Scope scope, Value x) {
    return switch (scope.norms()) {
      case Norms.Fixed ignored ->
          scope
              .graph()
              .apply(new BatchNormInference(epsilon), operands(scope, x), List.of())
              .get(0);
      case Norms.Batch batch ->
          training(scope, new BatchNorm(epsilon, batch.averaging()), operands(scope, x));
      case Norms.Renorm renorm -> {
        List<Value> operands = new ArrayList<>(operands(scope, x));
        operands.add(renorm.limits());
        yield training(scope, new BatchRenorm(epsilon), operands);
      }
    };
  }

  private List<Value> operands(Scope scope, Value x) {
    return List.of(
        x,
        scope.parameter(name + ".gamma"),
        scope.parameter(name + ".beta"),
        scope.moment(mean()),
        scope.moment(variance()));
  }

  /** Training ops give new moments as results 2 and 3; they replace the old ones. */
  private Value training(Scope scope, Op op, List<Value> operands) {
    return scope
        .graph()
        .apply(
            op,
            operands,
            List.of(
                new Graph.Destination(2, scope.moment(mean())),
                new Graph.Destination(3, scope.moment(variance()))))
        .get(0);
  }

  private String mean() {
    return name + ".moving_mean";
  }

  private String variance() {
    return name + ".moving_variance";
  }
}
