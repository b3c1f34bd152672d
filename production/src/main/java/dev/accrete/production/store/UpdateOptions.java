package dev.accrete.production.store;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * How an update goes.
 *
 * @param kind what the version is recorded as
 * @param blocked whether days are learned again whose version was not blessed
 * @param only the one day that is learned, whatever else came in
 * @param actor a person or a program
 * @param announced hears what will be done before it is
 */
public record UpdateOptions(
    VersionKind kind,
    boolean blocked,
    Optional<String> only,
    String actor,
    Consumer<UpdatePlan> announced) {
  /** An update that leaves blocked days out. */
  public static UpdateOptions by(String actor) {
    return new UpdateOptions(VersionKind.UPDATE, false, Optional.empty(), actor, plan -> {});
  }

  /** The same, recorded as something else. */
  public UpdateOptions as(VersionKind other) {
    return new UpdateOptions(other, blocked, only, actor, announced);
  }

  /** The same with days whose version was not blessed. */
  public UpdateOptions withBlocked() {
    return new UpdateOptions(kind, true, only, actor, announced);
  }

  /** The same, telling somebody before it starts. */
  public UpdateOptions announcing(Consumer<UpdatePlan> listener) {
    return new UpdateOptions(kind, blocked, only, actor, listener);
  }

  /** The same with one day alone; others stay for the next update. */
  public UpdateOptions only(String day) {
    return new UpdateOptions(kind, blocked, Optional.of(day), actor, announced);
  }
}
