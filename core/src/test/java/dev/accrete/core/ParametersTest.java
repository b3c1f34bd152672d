package dev.accrete.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Parameters.Role;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ParametersTest {
  @Test
  void laysRangesOutInOrder() {
    Parameters.Builder builder = Parameters.builder();
    Parameter weight = builder.add("conv", Role.CONVOLUTION, Shape.of(5, 3, 1, 1), 3);
    Parameter bias = builder.add("bias", Role.BIAS, Shape.of(5), 0);
    Parameters parameters = builder.build();
    assertThat(weight.offset()).isZero();
    assertThat(weight.size()).isEqualTo(15);
    assertThat(bias.offset()).isEqualTo(16);
    assertThat(parameters.size()).isEqualTo(32);
    assertThat(parameters.count()).isEqualTo(20);
    assertThat(parameters.all()).containsExactly(weight, bias);
    assertThat(parameters.get("bias")).isEqualTo(bias);
    assertThat(parameters.find("gamma")).isEmpty();
  }

  @Test
  void aLayoutWithoutParametersStillHasAVariable() {
    Parameters empty = Parameters.builder().build();
    assertThat(empty.all()).isEmpty();
    assertThat(empty.count()).isZero();
    assertThat(empty.variable("x").type()).isEqualTo(TensorType.f32(Parameters.ALIGNMENT));
  }

  @Test
  void viewsLieInVariablesOfTheLayout() {
    Parameters.Builder builder = Parameters.builder();
    builder.add("first", Role.LINEAR, Shape.of(4, 4), 4);
    Parameter second = builder.add("second", Role.HEAD, Shape.of(2, 4), 4);
    Parameters parameters = builder.build();
    Variable momentum = parameters.variable("momentum");
    assertThat(parameters.view(momentum, second))
        .isEqualTo(new Value.View(momentum, 16, TensorType.f32(2, 4)));
  }

  @Test
  void namesThatAreTakenOrUnknownAreNamed() {
    Parameters.Builder builder = Parameters.builder();
    builder.add("conv1", Role.CONVOLUTION, Shape.of(1), 1);
    assertThatThrownBy(() -> builder.add("conv1", Role.BIAS, Shape.of(1), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("conv1");
    assertThatThrownBy(() -> builder.build().get("conv2"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("conv2")
        .hasMessageContaining("[conv1]");
  }

  @Property(tries = 100)
  void rangesAreAlignedAndDisjoint(
      @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 1, max = 100) Integer> sizes) {
    Parameters.Builder builder = Parameters.builder();
    for (int size : sizes) {
      builder.add("p" + builder.names().size(), Role.LINEAR, Shape.of(size), 1);
    }
    Parameters parameters = builder.build();
    int end = 0;
    for (Parameter parameter : parameters.all()) {
      assertThat(parameter.offset()).isGreaterThanOrEqualTo(end);
      assertThat(parameter.offset() - end).isLessThan(Parameters.ALIGNMENT);
      assertThat(parameter.offset() % Parameters.ALIGNMENT).isZero();
      end = parameter.offset() + parameter.size();
    }
    assertThat(parameters.size()).isGreaterThanOrEqualTo(end);
    assertThat(parameters.size() % Parameters.ALIGNMENT).isZero();
    assertThat(parameters.count()).isEqualTo(sizes.stream().mapToInt(i -> i).sum());
  }
}
