package dev.accrete.bench.gpu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Which sources this build is made of. */
final class Revision {
  /** Set where there is no repository around, as in a bundle. */
  private static final String VARIABLE = "ACCRETE_REVISION";

  private Revision() {}

  /** The commit, with {@code -dirty} where files differ from it, or {@code unknown}. */
  static String current() throws InterruptedException {
    String given = System.getenv(VARIABLE);
    if (given != null && !given.isBlank()) {
      return given.strip();
    }
    try {
      Process git =
          new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=12")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String text = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return git.waitFor() == 0 && !text.isEmpty() ? text : "unknown";
    } catch (IOException e) {
      // No git on this machine: the report then says so.
      return "unknown";
    }
  }
}
