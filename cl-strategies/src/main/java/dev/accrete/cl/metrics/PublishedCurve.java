package dev.accrete.cl.metrics;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A published result on CORe50 NICv2 to compare with: MobileNetV1 1.0 at 128 px, pre-trained on
 * ImageNet (Lomonaco, Maltoni, Pellegrini, arXiv 1907.03799).
 *
 * @param scenario such as {@code nicv2-391}
 * @param strategy {@code ar1-star}, {@code ar1-star-bn} (with plain batch normalization), {@code
 *     cwr-star}, {@code ewc}, {@code lwf} or {@code naive}
 * @param runs number of runs averaged
 * @param finalMean mean final accuracy, 0..1
 * @param finalDeviation its sample standard deviation over the runs
 * @param curve mean accuracy before training, then after each batch, to three decimals
 */
public record PublishedCurve(
    String scenario,
    String strategy,
    int runs,
    double finalMean,
    double finalDeviation,
    List<Double> curve) {
  private static final String RESOURCE = "core50-published.tsv";
  private static final double PERCENT = 100;
  private static final List<PublishedCurve> ALL = load();

  /** Copies the list. */
  public PublishedCurve {
    curve = List.copyOf(curve);
  }

  /** All of them. */
  public static List<PublishedCurve> all() {
    return ALL;
  }

  /** The published result for a scenario and strategy, if there is one. */
  public static Optional<PublishedCurve> find(String scenario, String strategy) {
    return ALL.stream()
        .filter(c -> c.scenario.equals(scenario) && c.strategy.equals(strategy))
        .findFirst();
  }

  private static List<PublishedCurve> load() {
    try (InputStream in = PublishedCurve.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("resource " + RESOURCE + " is missing: rebuild the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(PublishedCurve::parse)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read resource " + RESOURCE, e);
    }
  }

  private static PublishedCurve parse(String line) {
    String[] fields = line.split("\t", -1);
    return new PublishedCurve(
        fields[0],
        fields[1],
        Integer.parseInt(fields[2]),
        Double.parseDouble(fields[3]) / PERCENT,
        Double.parseDouble(fields[4]) / PERCENT,
        Arrays.stream(fields[5].split(" ", -1))
            .map(percent -> Double.parseDouble(percent) / PERCENT)
            .toList());
  }
}
