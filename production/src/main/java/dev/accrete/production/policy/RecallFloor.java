package dev.accrete.production.policy;

import dev.accrete.cl.settings.Setting;

/** The least recall of one class. */
public record RecallFloor(
    @Setting(value = "The class", name = "class") String className,
    @Setting(value = "Its least recall", min = 0, max = 1) double floor) {
  /** What a floor in a file begins with. */
  static final RecallFloor UNSET = new RecallFloor("unset", 0);
}
