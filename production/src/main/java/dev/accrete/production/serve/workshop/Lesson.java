package dev.accrete.production.serve.workshop;

import java.util.List;
import java.util.Optional;

/**
 * Images of one class.
 *
 * @param images read one after the other, so that they need not be in memory together
 * @param subject whose images they are, if the client told
 */
public record Lesson(String label, List<Upload> images, Optional<String> subject) {
  public Lesson {
    images = List.copyOf(images);
    if (label.isBlank() || images.isEmpty()) {
      throw new IllegalArgumentException("a lesson needs the name of a class and an image");
    }
  }
}
