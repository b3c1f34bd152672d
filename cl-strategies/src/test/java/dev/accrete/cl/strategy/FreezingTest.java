package dev.accrete.cl.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Parameters.Role;
import dev.accrete.nn.CaffeNet;
import dev.accrete.nn.MobileNetV1;
import dev.accrete.nn.Network;
import dev.accrete.nn.TrainingSpec;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class FreezingTest {
  private static List<Parameter> which(Network network, Predicate<Parameter> predicate) {
    return network.parameters().all().stream().filter(predicate).toList();
  }

  private static TrainingSpec spec(Network network, boolean first, Part... parts) {
    TrainingSpec.Builder step = TrainingSpec.builder(network, 4);
    for (Part part : parts) {
      part.contribute(first, step);
    }
    return step.build();
  }

  @Test
  void mobileNetFreezesItsFirstAndThirteenDepthwiseConvolutions() {
    Network network = MobileNetV1.of(0.25, 50, 32);
    Freezing spatial = Freezing.spatial(network);
    Part importance = new SynapticIntelligence(SynapticSettings.PUBLISHED, spatial);
    TrainingSpec later = spec(network, false, spatial, importance);
    List<Parameter> frozen = which(network, later.trainable().negate());
    assertThat(frozen).hasSize(14).contains(network.firstConvolution());
    assertThat(frozen.stream().filter(p -> p.role() == Role.DEPTHWISE)).hasSize(13);
    assertThat(which(network, later.synaptic()))
        .hasSize(13)
        .allMatch(p -> p.role() == Role.CONVOLUTION);
    TrainingSpec first = spec(network, true, spatial, importance);
    assertThat(which(network, first.trainable().negate())).isEmpty();
    assertThat(which(network, first.synaptic())).hasSize(27);
  }

  @Test
  void aFrozenConvolutionTakesItsBiasWithIt() {
    Network network = CaffeNet.of(50);
    TrainingSpec later = spec(network, false, Freezing.spatial(network));
    assertThat(which(network, later.trainable().negate()))
        .extracting(Parameter::name)
        .containsExactlyInAnyOrder("conv1.weight", "conv1.bias");
  }

  @Test
  void belowACutNothingTrainsAfterTheFirstExperience() {
    Network network = MobileNetV1.of(0.25, 50, 32);
    Freezing body = Freezing.below(network.cutBelowHead());
    assertThat(which(network, spec(network, false, body).trainable()))
        .containsExactly(network.head());
    assertThat(which(network, spec(network, true, body).trainable().negate())).isEmpty();
  }
}
