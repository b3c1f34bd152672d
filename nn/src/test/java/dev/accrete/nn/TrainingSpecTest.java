package dev.accrete.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.Parameters;
import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Parameters.Role;
import dev.accrete.core.op.SgdSynaptic;
import dev.accrete.core.op.SgdSynaptic.Segment;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingSpecTest {
  private final Network network = SmallCnn.of(4, 8);
  private final Parameters parameters = network.parameters();

  @Test
  void neighboursTreatedAlikeBecomeOneSegment() {
    TrainingSpec spec = TrainingSpec.builder(network, 2).weightDecay(p -> 0).build();
    Parameter last = parameters.all().getLast();
    assertThat(spec.update(parameters).segments())
        .containsExactly(new Segment(0, last.offset() + last.size(), 1, 0, false));
  }

  @Test
  void treatmentsSplitSegments() {
    TrainingSpec spec =
        TrainingSpec.builder(network, 2)
            .weightDecay(0.5f)
            .multiplier(p -> p.role() == Role.HEAD ? 10 : 1)
            .synaptic(p -> p.role() == Role.CONVOLUTION)
            .trainable(p -> !p.equals(network.firstConvolution()))
            .build();
    List<Segment> segments = spec.update(parameters).segments();
    Parameter gamma = parameters.get("conv1.gamma");
    Parameter beta = parameters.get("conv1.beta");
    Parameter second = parameters.get("conv2.weight");
    assertThat(segments.get(0))
        .isEqualTo(
            new Segment(gamma.offset(), beta.offset() + beta.size() - gamma.offset(), 1, 0, false));
    assertThat(segments.get(1))
        .isEqualTo(new Segment(second.offset(), second.size(), 1, 0.5f, true));
    Parameter head = network.head();
    assertThat(segments.getLast())
        .isEqualTo(new Segment(head.offset(), head.size(), 10, 0.5f, false));
  }

  @Test
  void aFrozenParameterBetweenTwoAlikeKeepsThemApart() {
    TrainingSpec spec =
        TrainingSpec.builder(network, 2)
            .weightDecay(p -> 0)
            .trainable(p -> !p.name().equals("conv2.gamma"))
            .build();
    assertThat(spec.update(parameters).segments())
        .hasSize(2)
        .noneMatch(
            s -> {
              int frozen = parameters.get("conv2.gamma").offset();
              return s.offset() <= frozen && frozen < s.offset() + s.length();
            });
  }

  @Test
  void somethingMustTrain() {
    TrainingSpec spec = TrainingSpec.builder(network, 2).trainable(p -> false).build();
    assertThatThrownBy(() -> spec.update(parameters)).hasMessageContaining("nothing trains");
  }

  @Test
  void settingsReachTheOp() {
    SgdSynaptic op =
        TrainingSpec.builder(network, 2)
            .penalty(SgdSynaptic.Penalty.QUADRATIC)
            .trajectory(SgdSynaptic.Trajectory.SOLVER_UPDATE)
            .importanceMax(0.25f)
            .strength(3)
            .momentum(0.8f, true)
            .build()
            .update(parameters);
    assertThat(op)
        .isEqualTo(
            new SgdSynaptic(
                op.segments(),
                0.8f,
                true,
                SgdSynaptic.Penalty.QUADRATIC,
                0.25f,
                3,
                SgdSynaptic.Trajectory.SOLVER_UPDATE));
  }
}
