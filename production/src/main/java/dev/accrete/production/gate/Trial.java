package dev.accrete.production.gate;

import dev.accrete.core.AccreteException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All that the gate looks at.
 *
 * @param champion empty if this is the first version
 * @param images in any order; they are judged in that of their keys
 * @param erased classes that were erased on purpose, which a candidate may have lost
 */
public record Trial(
    Contender candidate, Optional<Contender> champion, List<Scored> images, Set<String> erased) {
  /**
   * Sorts the images and checks that both models can be told apart.
   *
   * @throws AccreteException if candidate and champion have the same version or the same digest
   * @throws IllegalArgumentException if an image is there twice, or there are answers of a champion
   *     where there is none, or none where there is one
   */
  public Trial {
    champion.ifPresent(other -> requireDifferent(candidate, other));
    images = images.stream().sorted(Comparator.comparing(Scored::image)).toList();
    erased = Set.copyOf(erased);
    Set<String> seen = new HashSet<>();
    for (Scored image : images) {
      if (!seen.add(image.image())) {
        throw new IllegalArgumentException("image " + image.image() + " is there twice");
      }
      if (image.champion().isPresent() != champion.isPresent()) {
        throw new IllegalArgumentException(
            "image "
                + image.image()
                + (champion.isPresent() ? " has no answer" : " has an answer")
                + " of the champion, of which there is "
                + (champion.isPresent() ? "one" : "none"));
      }
    }
  }

  /**
   * Refuses to compare a model with itself: it would always pass.
   *
   * @throws AccreteException if version or digest are the same
   */
  public static void requireDifferent(Contender candidate, Contender champion) {
    String same =
        candidate.version().equals(champion.version())
            ? "version"
            : candidate.digest().equals(champion.digest()) ? "digest" : "";
    if (!same.isEmpty()) {
      throw new AccreteException(
          "candidate "
              + candidate.version()
              + " and champion "
              + champion.version()
              + " have the same "
              + same
              + " ("
              + (same.equals("version") ? candidate.version() : candidate.digest())
              + "): a model compared with itself would always pass; there is nothing to judge");
    }
  }
}
