package dev.accrete.nn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.Shape;
import org.junit.jupiter.api.Test;

class ResidualTest {
  private static final Shape IMAGE = Shape.of(3, 8, 8);

  @Test
  void aBodyThatChangesTheShapeNeedsAProjection() {
    Convolution body = Convolution.of("a", 5, 3, 2, 1);
    assertThatThrownBy(() -> Residual.of("block", body).declare(new Declarations(), IMAGE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "block: the body turns samples of 3x8x8 into 5x4x4, its shortcut into 3x8x8; give it a"
                + " projection as shortcut");
    Residual projected = new Residual("block", body, Convolution.of("b", 5, 1, 2, 0));
    assertThat(projected.declare(new Declarations(), IMAGE)).isEqualTo(Shape.of(5, 4, 4));
  }

  @Test
  void bothBranchesReadWhatEntersAndTheBodyIsWhatFollowsRead() {
    Declarations declarations = new Declarations();
    Sequence.of(
            "net",
            Convolution.of("first", 4, 3, 1, 1),
            new Residual(
                "block",
                Sequence.of(
                    "body", Convolution.of("a", 6, 3, 2, 1), Convolution.of("b", 5, 3, 1, 1)),
                Convolution.of("shortcut", 5, 1, 2, 0)),
            Convolution.depthwise("dw", 5, 1),
            Residual.of("same", Convolution.of("c", 5, 3, 1, 1)),
            new GlobalAverage("pool"),
            Linear.head("head", 2))
        .declare(declarations, IMAGE);
    assertThat(declarations.sources())
        .containsOnly(
            java.util.Map.entry("first.weight", Declarations.IMAGE),
            java.util.Map.entry("a.weight", "first.weight"),
            java.util.Map.entry("b.weight", "a.weight"),
            java.util.Map.entry("shortcut.weight", "first.weight"),
            java.util.Map.entry("c.weight", "b.weight"),
            java.util.Map.entry("head.weight", "c.weight"));
  }
}
