package dev.accrete.cl.data;

import java.nio.file.Path;

/**
 * How {@link PackedImages} keeps its packs.
 *
 * @param folder where packs are kept; created if missing
 * @param onCorrupt what to do with images that cannot be decoded
 * @param progress hears how many images are ready while a pack is being made
 */
public record PackOptions(Path folder, OnCorrupt onCorrupt, ProgressListener progress) {
  /**
   * Packs in {@code $ACCRETE_CACHE}, or else {@code ~/.cache/accrete}; a corrupt image is an error.
   */
  public static PackOptions defaults() {
    String folder = System.getenv("ACCRETE_CACHE");
    Path cache =
        folder != null && !folder.isBlank()
            ? Path.of(folder)
            : Path.of(System.getProperty("user.home", "."), ".cache", "accrete");
    return new PackOptions(cache, OnCorrupt.FAIL, ProgressListener.NONE);
  }

  /** The same with another folder. */
  public PackOptions in(Path otherFolder) {
    return new PackOptions(otherFolder, onCorrupt, progress);
  }

  /** The same with another answer to corrupt images. */
  public PackOptions onCorrupt(OnCorrupt answer) {
    return new PackOptions(folder, answer, progress);
  }

  /** The same with another listener. */
  public PackOptions reportingTo(ProgressListener listener) {
    return new PackOptions(folder, onCorrupt, listener);
  }
}
