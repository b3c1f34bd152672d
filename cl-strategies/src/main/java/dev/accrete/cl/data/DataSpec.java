package dev.accrete.cl.data;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Which data to use, as written on the command line: the name of a {@link DataProvider} and, after
 * a colon, its argument.
 *
 * @param provider name of the provider
 * @param argument as the provider completed it: a folder is an absolute path
 */
public record DataSpec(String provider, Optional<String> argument) {
  /**
   * Checks and completes the argument.
   *
   * @throws IllegalArgumentException if there is no such provider or it cannot have this argument
   */
  public DataSpec {
    argument = DataProviders.named(provider).check(argument);
  }

  /** The simulated CORe50. */
  public static DataSpec simulated() {
    return new DataSpec(Core50Providers.Simulated.NAME, Optional.empty());
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException if no provider takes it; the message says what may be written
   */
  public static DataSpec parse(String text) {
    int colon = text.indexOf(':');
    if (colon <= 0) {
      return new DataSpec(text, Optional.empty());
    }
    return new DataSpec(text.substring(0, colon), Optional.of(text.substring(colon + 1)));
  }

  /** Whether frames can be addressed by session and object, as the NICv2 lists do. */
  public boolean hasFrames() {
    return DataProviders.named(provider).hasFrames();
  }

  /** The folder that the data lie in, if they lie in one. */
  public Optional<Path> folder() {
    return DataProviders.named(provider).location(argument);
  }

  /**
   * Opens the data.
   *
   * @throws DataException if they are missing or damaged
   */
  public DataSource open() {
    return DataProviders.named(provider).open(argument);
  }

  @Override
  public String toString() {
    return argument.map(text -> provider + ":" + text).orElse(provider);
  }
}
