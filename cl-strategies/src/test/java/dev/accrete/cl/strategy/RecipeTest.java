package dev.accrete.cl.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Parameters.Role;
import dev.accrete.core.op.SgdSynaptic.Penalty;
import dev.accrete.nn.CaffeNet;
import dev.accrete.nn.MobileNetV1;
import dev.accrete.nn.Network;
import dev.accrete.nn.TrainingSpec;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class RecipeTest {
  private static List<Parameter> which(Network network, Predicate<Parameter> predicate) {
    return network.parameters().all().stream().filter(predicate).toList();
  }

  @Test
  void mobileNetFreezesItsFirstAndThirteenDepthwiseConvolutions() {
    Network network = MobileNetV1.of(0.25, 50, 32);
    Recipe recipe = Recipe.spatialFrozen(network, Penalty.GRADIENT_SCALE);
    List<Parameter> frozen = which(network, recipe.trainable().negate());
    assertThat(frozen).hasSize(14).contains(network.firstConvolution());
    assertThat(frozen.stream().filter(p -> p.role() == Role.DEPTHWISE)).hasSize(13);
    assertThat(which(network, recipe.synaptic()))
        .hasSize(13)
        .allMatch(p -> p.role() == Role.CONVOLUTION);
  }

  @Test
  void aFrozenConvolutionTakesItsBiasWithIt() {
    Network network = CaffeNet.of(50);
    Recipe recipe = Recipe.spatialFrozen(network, Penalty.GRADIENT_SCALE);
    assertThat(which(network, recipe.trainable().negate()))
        .extracting(Parameter::name)
        .containsExactlyInAnyOrder("conv1.weight", "conv1.bias");
  }

  @Test
  void decayConcernsWeightsAloneAndTheMultiplierTheHeadAlone() {
    Network network = MobileNetV1.of(0.25, 50, 32);
    Hyperparameters settings = Hyperparameters.defaults(Strategies.AR1_STAR, 391);
    TrainingSpec spec = Recipe.everything().spec(network, settings, settings.later(), 128);
    for (Parameter parameter : network.parameters().all()) {
      boolean norm = parameter.role() == Role.NORM_SCALE || parameter.role() == Role.NORM_SHIFT;
      assertThat((float) spec.weightDecay().applyAsDouble(parameter)).isEqualTo(norm ? 0 : 5e-4f);
      assertThat((float) spec.multiplier().applyAsDouble(parameter))
          .isEqualTo(parameter.role() == Role.HEAD ? 10 : 1);
    }
    assertThat(which(network, spec.synaptic())).isEmpty();
  }
}
