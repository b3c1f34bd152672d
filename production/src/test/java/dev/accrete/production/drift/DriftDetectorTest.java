package dev.accrete.production.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.core.Rng;
import dev.accrete.production.policy.IngestPolicy;
import dev.accrete.production.policy.Policy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class DriftDetectorTest {
  private static IngestPolicy policy(String keys) {
    return Policy.parse("ingest: {" + keys + "}", "policy.yaml").ingest();
  }

  /** Images of classes a, b, c in the shares 1/2, 1/3, 1/6. */
  private static DaySample day(Rng rng, int images, double brighter, double further) {
    SortedMap<String, Integer> classes = new TreeMap<>();
    List<ImageLook> looks = new ArrayList<>();
    List<float[]> latents = new ArrayList<>();
    for (int i = 0; i < images; i++) {
      int die = rng.nextInt(6);
      classes.merge(die < 3 ? "a" : die < 5 ? "b" : "c", 1, Integer::sum);
      looks.add(
          new ImageLook(
                  brighter + rng.nextDouble(),
                  rng.nextDouble(),
                  rng.nextDouble(),
                  rng.nextDouble(),
                  Double.NaN,
                  Double.NaN)
              .of(640, 480));
      float[] latent = new float[6];
      for (int d = 0; d < latent.length; d++) {
        latent[d] = (float) (rng.nextGaussian() + (d == 2 ? further : 0));
      }
      latents.add(latent);
    }
    return new DaySample(classes, looks, latents);
  }

  private static Shift one(DriftReport report, String name) {
    return report.shifts().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void whatIsTheSameIsNoDriftAndFalseAlarmsAreRare() {
    DriftDetector detector = new DriftDetector(policy("drift-significance: 0.05"));
    int days = 120;
    int mix = 0;
    int looks = 0;
    int latents = 0;
    Rng rng = Rng.of(20, 1);
    for (int d = 0; d < days; d++) {
      DriftReport report = detector.compare(day(rng, 40, 0, 0), day(rng, 80, 0, 0));
      mix += one(report, "class-mix").significant() ? 1 : 0;
      looks +=
          report.shifts().stream()
                  .anyMatch(s -> ImageLook.NAMES.contains(s.name()) && s.significant())
              ? 1
              : 0;
      latents +=
          report.shifts().stream().anyMatch(s -> s.name().startsWith("latents") && s.significant())
              ? 1
              : 0;
    }
    // 0.05 of 120 days are 6; two standard errors more are 10.8.
    assertThat(mix).isLessThanOrEqualTo(10);
    assertThat(looks).isLessThanOrEqualTo(10);
    assertThat(latents).isLessThanOrEqualTo(10);
  }

  @Test
  void everyGroupFindsItsDrift() {
    Rng rng = Rng.of(21, 1);
    DriftDetector detector = new DriftDetector(policy("latents-warn: 0.2"));
    DaySample reference = day(rng, 300, 0, 0);
    DriftReport dark = detector.compare(day(rng, 100, -0.8, 0), reference);
    assertThat(one(dark, "brightness").level()).isEqualTo(Shift.Level.WARN);
    assertThat(one(dark, "brightness").score()).isCloseTo(0.8, within(0.1));
    assertThat(one(dark, "contrast").level()).isEqualTo(Shift.Level.NONE);
    assertThat(one(dark, "latents-mmd").significant()).isFalse();
    DriftReport other = detector.compare(day(rng, 100, 0, 2), reference);
    assertThat(one(other, "latents-ks").level()).isEqualTo(Shift.Level.WARN);
    assertThat(one(other, "latents-ks").detail()).isEqualTo("1 of 6 dimensions");
    assertThat(one(other, "latents-mmd").significant()).isTrue();
    assertThat(one(other, "brightness").significant()).isFalse();
    DaySample one = new DaySample(new TreeMap<>(Map.of("d", 100)), reference.looks(), List.of());
    DriftReport mix = detector.compare(one, reference);
    assertThat(one(mix, "class-mix").score()).isEqualTo(1);
    assertThat(one(mix, "class-mix").level()).isEqualTo(Shift.Level.WARN);
    assertThat(mix.reasons())
        .containsExactly(
            "class-mix drifted by 1.000, above the warning of 0.5 (1 classes were never there"
                + " before)");
  }

  @Test
  void limitsRefuseOnlyWhatChanceDoesNotExplain() {
    Rng rng = Rng.of(22, 1);
    DaySample reference = day(rng, 300, 0, 0);
    IngestPolicy strict =
        policy("properties-warn: 0.01, properties-refuse: 0.05, drift-min-images: 5");
    DriftReport same = new DriftDetector(strict).compare(day(rng, 10, 0, 0), reference);
    assertThat(one(same, "brightness").score()).isGreaterThan(0.05);
    assertThat(same.level()).isEqualTo(Shift.Level.NONE);
    DriftReport dark = new DriftDetector(strict).compare(day(rng, 60, 0.5, 0), reference);
    assertThat(dark.level()).isEqualTo(Shift.Level.REFUSE);
    assertThat(dark.reasons().getFirst())
        .startsWith("brightness drifted by ")
        .endsWith("above the limit of 0.05");
  }

  @Test
  void tooFewImagesAreNotTested() {
    Rng rng = Rng.of(23, 1);
    DriftReport report =
        new DriftDetector(policy("")).compare(day(rng, 19, 1, 1), day(rng, 300, 0, 0));
    assertThat(report.tested()).isFalse();
    assertThat(report.level()).isEqualTo(Shift.Level.NONE);
  }

  @Test
  void sizesThatAreNotKnownAreLeftOut() {
    Rng rng = Rng.of(24, 1);
    DaySample known = day(rng, 50, 0, 0);
    List<ImageLook> unknown =
        known.looks().stream()
            .map(
                l ->
                    new ImageLook(
                        l.brightness(),
                        l.contrast(),
                        l.saturation(),
                        l.sharpness(),
                        Double.NaN,
                        Double.NaN))
            .toList();
    DriftReport report =
        new DriftDetector(policy(""))
            .compare(new DaySample(known.classes(), unknown, List.of()), known);
    assertThat(report.shifts())
        .extracting(Shift::name)
        .containsExactly("class-mix", "brightness", "contrast", "saturation", "sharpness");
  }

  @Test
  void aReportIsJson() {
    Rng rng = Rng.of(25, 1);
    DriftReport report =
        new DriftDetector(policy("")).compare(day(rng, 60, -2, 0), day(rng, 90, 0, 0));
    assertThat(report.toJson()).contains("\"level\":\"WARN\"");
    assertThat(DriftReport.ofJson(report.toJson())).isEqualTo(report);
    assertThatThrownBy(() -> DriftReport.ofJson("[]")).hasMessageContaining("no report of drift");
  }

  @Test
  void looksAreMeasured() {
    int side = 4;
    byte[] grey = new byte[3 * side * side];
    Arrays.fill(grey, (byte) 51);
    ImageLook flat = ImageLook.of(grey, side).of(40, 20);
    assertThat(flat.brightness()).isCloseTo(0.2, within(1e-12));
    assertThat(flat.contrast()).isCloseTo(0, within(1e-12));
    assertThat(flat.saturation()).isZero();
    assertThat(flat.sharpness()).isCloseTo(0, within(1e-12));
    assertThat(flat.size()).isEqualTo(800);
    assertThat(flat.aspect()).isEqualTo(2);
    byte[] red = new byte[3 * side * side];
    Arrays.fill(red, 0, side * side, (byte) 255);
    assertThat(ImageLook.of(red, side).saturation()).isEqualTo(1);
    assertThat(ImageLook.of(red, side).brightness()).isCloseTo(0.299, within(1e-12));
    byte[] board = new byte[3 * side * side];
    for (int i = 0; i < board.length; i++) {
      int at = i % (side * side);
      board[i] = (byte) ((at / side + at % side) % 2 == 0 ? 255 : 0);
    }
    assertThat(ImageLook.of(board, side).contrast()).isCloseTo(0.5, within(1e-12));
    // Inside a chess board the Laplacian is 4 and -4 in turn.
    assertThat(ImageLook.of(board, side).sharpness()).isCloseTo(4, within(1e-12));
    assertThat(ImageLook.of(board, side).size()).isNaN();
  }
}
