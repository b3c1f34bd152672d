package dev.accrete.production.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * An immutable model version.
 *
 * @param id 1, 2, 3, ...
 * @param parent the champion when it was made
 * @param fresh whether a fresh learner began, instead of the parent's going on
 * @param days names of the days that it learned, beyond its parent's if that went on
 * @param classes names that its model knows, in the order of the model's rows
 * @param images training images that it knows, its ancestors' included
 * @param settings what decided how it learned
 * @param dataDigest of all images that it knows with their labels, whatever their order
 * @param modelDigest SHA-256 of the model's file
 * @param learnerDigest of everything that the next day depends on
 * @param model whether the model's file is there
 * @param learner whether the learner's state is there, so that an update can go on from it
 */
public record Version(
    int id,
    OptionalInt parent,
    boolean fresh,
    VersionKind kind,
    Instant createdAt,
    List<String> days,
    List<String> classes,
    int images,
    Map<String, String> settings,
    String dataDigest,
    String modelDigest,
    String learnerDigest,
    VersionCost cost,
    Kept model,
    Kept learner) {
  /** Keeps copies. */
  public Version {
    days = List.copyOf(days);
    classes = List.copyOf(classes);
    settings = Map.copyOf(settings);
  }

  /** The names of its classes but those that were forgotten. */
  public List<String> knownClasses() {
    return classes.stream().filter(name -> !Erasure.isPlaceholder(name)).toList();
  }
}
