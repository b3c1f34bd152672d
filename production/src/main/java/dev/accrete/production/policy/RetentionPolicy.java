package dev.accrete.production.policy;

import dev.accrete.cl.settings.Setting;

/** What is kept of old versions. Champion, candidate and previous always are, whole. */
public record RetentionPolicy(
    @Setting(
            value =
                "Versions whose learner state is kept, the newest first; others cannot learn on",
            min = 0,
            unset = "all")
        int learnerStates,
    @Setting(
            value =
                "Versions whose model and pages (card, verdict, answers) are kept, the newest first;"
                    + " others cannot be rolled back to",
            min = 0,
            unset = "all")
        int models) {
  static final RetentionPolicy DEFAULT = new RetentionPolicy(3, 30);
}
