package dev.accrete.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ShapeTest {
  @Test
  void knowsItsExtents() {
    Shape shape = Shape.of(2, 3, 4, 5);
    assertThat(shape.rank()).isEqualTo(4);
    assertThat(shape.size()).isEqualTo(120);
    assertThat(shape.spatialSize()).isEqualTo(20);
    assertThat(shape.dim(1)).isEqualTo(3);
    assertThat(shape.dim(-1)).isEqualTo(5);
    assertThat(shape).hasToString("2x3x4x5").isEqualTo(Shape.of(2, 3, 4, 5));
    assertThat(shape.withDim(1, 7)).isEqualTo(Shape.of(2, 7, 4, 5)).isNotEqualTo(shape);
  }

  @Test
  void aScalarHasOneElementAndNoExtents() {
    assertThat(Shape.of()).isSameAs(Shape.SCALAR).hasToString("scalar");
    assertThat(Shape.SCALAR.size()).isEqualTo(1);
    assertThat(Shape.SCALAR.spatialSize()).isEqualTo(1);
    assertThat(Shape.SCALAR).isNotEqualTo(Shape.of(1));
  }

  @Test
  void matricesHaveNoPlanes() {
    assertThat(Shape.of(6, 7).spatialSize()).isEqualTo(1);
    assertThat(Shape.of(6, 7, 8).spatialSize()).isEqualTo(8);
  }

  @Test
  void refusesEmptyAndGiganticTensors() {
    assertThatThrownBy(() -> Shape.of(3, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[3, 0]");
    assertThatThrownBy(() -> Shape.of(1 << 16, 1 << 15))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2147483648");
    assertThat(Shape.of(Integer.MAX_VALUE).size()).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void doesNotShareItsExtents() {
    int[] dims = {2, 3};
    Shape shape = Shape.of(dims);
    dims[0] = 9;
    shape.toArray()[1] = 9;
    assertThat(shape).isEqualTo(Shape.of(2, 3));
  }

  @Property(tries = 200)
  void sizeIsTheProduct(
      @ForAll @Size(min = 1, max = 5) List<@IntRange(min = 1, max = 40) Integer> extents) {
    int[] dims = extents.stream().mapToInt(i -> i).toArray();
    long product = 1;
    for (int dim : dims) {
      product *= dim;
    }
    assertThat(Shape.of(dims).size()).isEqualTo((int) product);
    assertThat(Shape.of(dims).toArray()).containsExactly(dims);
  }
}
