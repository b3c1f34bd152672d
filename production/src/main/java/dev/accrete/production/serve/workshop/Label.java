package dev.accrete.production.serve.workshop;

import dev.accrete.production.ingest.Item;

/**
 * What an image really shows.
 *
 * @param id of the answer that was given for it
 */
public record Label(String id, String label) {
  public Label {
    if (id.isBlank() || label.isBlank()) {
      throw new IllegalArgumentException(
          "a label needs the id of an answer and the name of a class");
    }
    label = Item.spelled(label);
  }
}
