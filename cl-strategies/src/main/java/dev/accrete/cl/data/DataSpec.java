package dev.accrete.cl.data;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Which data to use, as written on the command line: {@code sim}, {@code core50:DIR}, {@code
 * images:DIR}, {@code cifar10:DIR} or {@code idx:DIR}.
 *
 * @param folder where the files are; empty for {@code sim} alone
 */
public record DataSpec(Kind kind, Optional<Path> folder) {
  /** The supported forms. */
  public enum Kind {
    /** {@link SimulatedCore50}. */
    SIM,
    /** {@link Core50Folder}. */
    CORE50,
    /** {@link ImageFolder}. */
    IMAGES,
    /** {@link Cifar10Binary}. */
    CIFAR10,
    /** {@link Idx}. */
    IDX
  }

  private static final String FORMS = "sim, core50:DIR, images:DIR, cifar10:DIR or idx:DIR";

  public DataSpec {
    if ((kind == Kind.SIM) != folder.isEmpty()) {
      throw new IllegalArgumentException("data " + kind + " with folder " + folder);
    }
  }

  /** The simulated CORe50. */
  public static DataSpec simulated() {
    return new DataSpec(Kind.SIM, Optional.empty());
  }

  /**
   * Reads the text form.
   *
   * @throws IllegalArgumentException if it is none of the supported forms
   */
  public static DataSpec parse(String text) {
    if (text.equals("sim")) {
      return simulated();
    }
    int colon = text.indexOf(':');
    String prefix = colon < 0 ? text : text.substring(0, colon);
    for (Kind kind : Kind.values()) {
      if (kind != Kind.SIM && kind.name().toLowerCase(Locale.ROOT).equals(prefix)) {
        if (colon < 0 || colon == text.length() - 1) {
          throw new IllegalArgumentException(
              "data '" + text + "' names no folder; write " + prefix + ":DIR");
        }
        return new DataSpec(kind, Optional.of(Path.of(text.substring(colon + 1))));
      }
    }
    throw new IllegalArgumentException("unknown data '" + text + "'; expected " + FORMS);
  }

  /** Whether frames can be addressed by session and object, as the NICv2 lists do. */
  public boolean hasFrames() {
    return kind == Kind.SIM || kind == Kind.CORE50;
  }

  @Override
  public String toString() {
    String name = kind.name().toLowerCase(Locale.ROOT);
    return folder.map(path -> name + ":" + path).orElse(name);
  }
}
