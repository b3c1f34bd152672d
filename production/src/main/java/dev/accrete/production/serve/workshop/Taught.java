package dev.accrete.production.serve.workshop;

import java.util.List;

/**
 * What came of lessons.
 *
 * @param version the version that knows them
 * @param images how many were learned
 * @param rejected images that were left out, each with the reason
 */
public record Taught(int version, int images, List<String> newClasses, List<Rejected> rejected) {
  /** An image that was left out. */
  public record Rejected(String image, String reason) {}

  public Taught {
    newClasses = List.copyOf(newClasses);
    rejected = List.copyOf(rejected);
  }
}
