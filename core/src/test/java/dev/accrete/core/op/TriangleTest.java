package dev.accrete.core.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.TensorType;
import java.util.List;
import org.junit.jupiter.api.Test;

class TriangleTest {
  @Test
  void rowsFollowEachOther() {
    for (int side : new int[] {1, 2, 3, 17, 100}) {
      Triangle triangle = new Triangle(side);
      int place = 0;
      for (int i = 0; i < side; i++) {
        for (int j = i; j < side; j++) {
          assertThat(triangle.at(i, j)).isEqualTo(place++);
        }
      }
      assertThat(triangle.length()).isEqualTo(place);
      assertThat(Triangle.ofLength(place)).isEqualTo(triangle);
    }
  }

  @Test
  void theLargestFitsAnArray() {
    Triangle triangle = new Triangle(65_535);
    assertThat(triangle.at(65_534, 65_534)).isEqualTo(triangle.length() - 1);
    assertThat(Triangle.ofLength(triangle.length())).isEqualTo(triangle);
    assertThatThrownBy(() -> new Triangle(65_536)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Triangle(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Triangle.ofLength(4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4 elements");
  }

  @Test
  void opsOnTrianglesTakeWhatFits() {
    TensorType triangle = TensorType.f64(6);
    assertThat(new SymmetricUpdate(true).infer(List.of(TensorType.f32(5, 3), triangle)))
        .containsExactly(triangle);
    assertThat(new SymmetricUpdate(true).macs(List.of(TensorType.f32(5, 3), triangle)))
        .isEqualTo(30);
    assertThat(new CholeskyFactor().infer(List.of(triangle))).containsExactly(triangle);
    TensorType right = TensorType.f64(2, 3);
    assertThat(new TriangularSolve(true).infer(List.of(triangle, right))).containsExactly(right);
    for (List<TensorType> wrong :
        List.of(
            List.of(TensorType.f32(5, 4), triangle),
            List.of(TensorType.u8(5, 3), triangle),
            List.of(TensorType.f32(15), triangle),
            List.of(TensorType.f32(5, 3), TensorType.f32(6)))) {
      assertThatThrownBy(() -> new SymmetricUpdate(false).infer(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("SymmetricUpdate");
    }
    assertThatThrownBy(() -> new CholeskyFactor().infer(List.of(TensorType.f64(7))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> new TriangularSolve(false).infer(List.of(triangle, TensorType.f64(3, 2))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("b must have shape");
  }
}
