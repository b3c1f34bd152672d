package dev.accrete.cl.run;

import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;

/** Errors of the output folder. */
final class Errors {
  private Errors() {}

  /** The error for a file or folder that could not be written. */
  static AccreteException unwritable(Path path, IOException cause) {
    String reason =
        cause instanceof AccessDeniedException
            ? "permission denied"
            : String.valueOf(cause.getMessage());
    return new AccreteException(
        "cannot write "
            + path
            + " ("
            + reason
            + "): check that the folder may be written to and the disk has room, or name another"
            + " --out; what was saved before is intact",
        cause);
  }
}
