package dev.accrete.cl.run.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.cl.metrics.ConfusionMatrix;
import dev.accrete.core.Rng;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ConfusionPictureTest {
  private static List<String> names(int classes) {
    return IntStream.range(0, classes).mapToObj(c -> "c" + c).toList();
  }

  @Test
  void ofFewClassesEveryCellIsDrawn() {
    ConfusionMatrix matrix = ConfusionMatrix.of(3, new int[] {0, 0, 1}, new int[] {0, 2, 1});
    String svg = ConfusionPicture.svg(matrix, names(3));
    assertThat(svg.split("class=\"heat\"", -1)).hasSize(4);
    assertThat(svg)
        .contains("c0 taken for c2: 1 of 2", "c1 taken for c1: 1 of 1")
        .doesNotContain("c2 taken for");
    assertThat(ConfusionPicture.classesOfCell(100)).isEqualTo(1);
  }

  @Test
  void ofThousandsItStaysSmallAndKeepsEveryAnswer() {
    int classes = 10_050;
    ConfusionMatrix matrix = new ConfusionMatrix(classes);
    Rng rng = Rng.of(3, 0);
    for (int i = 0; i < 50_000; i++) {
      int label = rng.nextInt(classes);
      matrix.add(label, rng.nextInt(4) > 0 ? label : rng.nextInt(classes));
    }
    matrix.add(classes - 1, 0, 7);
    String svg = ConfusionPicture.svg(matrix, names(classes));
    assertThat(svg.length()).isLessThan(2_500_000);
    assertThat(svg.split("class=\"heat\"", -1).length).isLessThanOrEqualTo(10_001);
    assertThat(svg).contains("c0 to c100 taken for c0 to c100: ", "c9999 to c10049 taken for");
    assertThat(ConfusionPicture.classesOfCell(classes)).isEqualTo(101);
    long drawn =
        Pattern.compile(": (\\d+) of ")
            .matcher(svg)
            .results()
            .mapToLong(r -> Long.parseLong(r.group(1)))
            .sum();
    assertThat(drawn).isEqualTo(matrix.total());
  }
}
