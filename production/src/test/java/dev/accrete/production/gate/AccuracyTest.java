package dev.accrete.production.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.AccreteException;
import dev.accrete.production.store.Evaluation;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class AccuracyTest {
  private static Optional<Accuracy> of(String metrics) {
    return Accuracy.of(new Evaluation(7, 2, OptionalInt.of(1), Instant.now(), true, "[]", metrics));
  }

  private static String text(String images, String score) {
    return of("{\"slices\":[{" + images + ",\"metrics\":{\"accuracy\":{" + score + "}}}]}")
        .orElseThrow()
        .text();
  }

  @Test
  void bothAreSaidOfTheSameImages() {
    assertThat(
            text(
                "\"images\":195,\"compared\":195",
                "\"value\":0.537,\"before\":0.478,\"after\":0.537"))
        .isEqualTo("accuracy 53.7%, was 47.8% (195 images)");
    assertThat(
            text(
                "\"images\":200,\"compared\":150", "\"value\":0.5,\"before\":0.625,\"after\":0.75"))
        .isEqualTo(
            "accuracy 50.0% (200 images); of classes known before 75.0%, was 62.5% (150 images)");
    assertThat(text("\"images\":9,\"compared\":0", "\"value\":1,\"before\":null,\"after\":null"))
        .isEqualTo("accuracy 100.0% (9 images)");
  }

  @Test
  void withoutImagesThereIsNone() {
    assertThat(of("{}")).isEmpty();
    assertThat(of("{\"slices\":[]}")).isEmpty();
    assertThatThrownBy(() -> of("no"))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("evaluation 7");
  }
}
