package dev.accrete.cl.scenario;

import dev.accrete.cl.data.DataException;
import dev.accrete.cl.data.ImageSet;
import java.nio.file.Path;

/**
 * A NICv2 schedule of CORe50 from a user's file ({@link Nicv2Schedule#read}).
 *
 * @param file one batch a line
 */
public record Nicv2FileSpec(Path file) implements ScenarioSpec {
  @Override
  public String name() {
    return "nicv2:" + file;
  }

  /**
   * The stream in the file; {@code run} is only recorded.
   *
   * @throws DataException if the file cannot be read or is malformed
   */
  @Override
  public FrameScenario overCore50(CoreOptions options, int run) {
    return FrameScenario.of(name(), run, Nicv2Schedule.read(file).batches(), options);
  }

  /** Always fails: the file lists sequences of CORe50. */
  @Override
  public Scenario over(ImageSet train, ImageSet test, int run) {
    throw new IllegalArgumentException(
        name()
            + " lists sequences of CORe50 and does not fit "
            + train.name()
            + ": use nicv2-N there");
  }
}
