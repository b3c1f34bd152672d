package dev.accrete.production.ingest;

import java.util.Optional;

/**
 * How a day is taken in.
 *
 * @param day its name; otherwise the source says it
 * @param newClasses whether labels that are not declared become classes
 * @param readmit whether images come in again that were forgotten on request
 */
public record IngestOptions(Optional<String> day, boolean newClasses, boolean readmit) {
  /** The source's name, declared classes only. */
  public static IngestOptions defaults() {
    return new IngestOptions(Optional.empty(), false, false);
  }

  /** The same under a name. */
  public IngestOptions named(String name) {
    return new IngestOptions(Optional.of(name), newClasses, readmit);
  }

  /** The same with labels that become classes. */
  public IngestOptions withNewClasses() {
    return new IngestOptions(day, true, readmit);
  }

  /** The same, taking back what was forgotten. */
  public IngestOptions readmitting() {
    return new IngestOptions(day, newClasses, true);
  }
}
