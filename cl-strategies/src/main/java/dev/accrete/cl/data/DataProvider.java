package dev.accrete.cl.data;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A kind of data that {@code --data} can name; found through {@link java.util.ServiceLoader}, so a
 * program or a plug-in adds its own by listing a class in {@code
 * META-INF/services/dev.accrete.cl.data.DataProvider}.
 */
public interface DataProvider {
  /** The word before the colon, such as {@code images}. */
  String name();

  /** How users write it, such as {@code images:DIR}. */
  String usage();

  /** What it is, in one line without a full stop. */
  String description();

  /** Whether its sources have frames addressed by session and object, as the NICv2 lists want. */
  default boolean hasFrames() {
    return false;
  }

  /**
   * Checks what was written after the colon, without opening anything, and completes it, so that it
   * means the same in another working directory.
   *
   * @return the argument as it is stored and shown
   * @throws IllegalArgumentException if this provider cannot have such an argument; the message
   *     says what to write
   */
  Optional<String> check(Optional<String> argument);

  /**
   * Opens the data.
   *
   * @param argument as {@link #check} returned it
   * @throws DataException if the data are missing or damaged
   */
  DataSource open(Optional<String> argument);

  /**
   * The folder that the data lie in, so that nothing else is written there; none if they come from
   * elsewhere.
   *
   * @param argument as {@link #check} returned it
   */
  default Optional<Path> location(Optional<String> argument) {
    return Optional.empty();
  }

  /**
   * For providers that take a folder: {@link #check} made of this gives its absolute path.
   *
   * @throws IllegalArgumentException if there is no argument or it is no path
   */
  static Optional<String> folder(DataProvider provider, Optional<String> argument) {
    String text = argument.map(String::strip).orElse("");
    if (text.isEmpty()) {
      throw new IllegalArgumentException(
          "data '"
              + provider.name()
              + argument.map(given -> ":" + given).orElse("")
              + "' names no folder; write "
              + provider.usage());
    }
    try {
      return Optional.of(Path.of(text).toAbsolutePath().normalize().toString());
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(
          "data '" + provider.name() + ":" + text + "' names no folder: " + e.getMessage(), e);
    }
  }

  /**
   * For providers that take nothing: refuses an argument.
   *
   * @throws IllegalArgumentException if there is one
   */
  static Optional<String> nothing(DataProvider provider, Optional<String> argument) {
    if (argument.isPresent()) {
      throw new IllegalArgumentException(
          "data '"
              + provider.name()
              + ":"
              + argument.get()
              + "' has an argument, but "
              + provider.name()
              + " takes none; write "
              + provider.usage());
    }
    return argument;
  }
}
