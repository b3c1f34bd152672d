package dev.accrete.cl.run;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.PackedImages;
import dev.accrete.cl.scenario.Scenario;
import dev.accrete.cl.strategy.StrategyContext;
import dev.accrete.core.Backend;
import java.util.Arrays;
import java.util.Locale;

/**
 * What a run works on, resolved from its configuration.
 *
 * @param scenario the stream
 * @param train the images the experiences point into
 * @param test the images {@link Scenario#test} points into
 * @param context what every strategy starts from
 * @param weights where the weights come from, for reports
 * @param horizon experiences of the whole stream, of which the scenario may be the first ones
 * @param digest tells inputs apart: data, weights and backend
 */
public record RunInputs(
    Scenario scenario,
    ImageSet train,
    ImageSet test,
    StrategyContext context,
    String weights,
    int horizon,
    String digest)
    implements AutoCloseable {
  /** What computes. */
  public Backend backend() {
    return context.backend();
  }

  /** Training images left out because they could not be decoded. */
  public int trainSkipped() {
    return skipped(train);
  }

  /** Test images left out because they could not be decoded. */
  public int testSkipped() {
    return skipped(test);
  }

  private static int skipped(ImageSet set) {
    return set instanceof PackedImages pack ? pack.skipped() : 0;
  }

  /** One line for people. */
  public String describe() {
    return String.format(
        Locale.ROOT,
        "%s: %,d images in %,d experiences, %,d test images; %s, weights %s; %s",
        scenario.name(),
        Arrays.stream(scenario.sizes()).sum(),
        scenario.batches().size(),
        scenario.test().length,
        context.network().name(),
        weights,
        backend().description());
  }

  /** Releases images and backend. */
  @Override
  public void close() {
    train.close();
    test.close();
    backend().close();
  }
}
