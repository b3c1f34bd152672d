package dev.accrete.bench.kills;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.production.store.Aliases;
import dev.accrete.production.store.CheckReport;
import dev.accrete.production.store.Day;
import dev.accrete.production.store.Evaluation;
import dev.accrete.production.store.LedgerEntry;
import dev.accrete.production.store.Quarantined;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.Version;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a store holds, but times and what is drawn at random: two that were fed alike are equal. */
final class StoreContent {
  private StoreContent() {}

  /**
   * Cleans up after the last kill and tells everything, a line each; what is wrong is a line too.
   */
  static List<String> of(Path folder) {
    List<String> lines = new ArrayList<>();
    try (Store store = Store.open(folder)) {
      store.gc();
      CheckReport check = store.check(ProgressListener.NONE);
      check.wrong().forEach(wrong -> lines.add("wrong: " + wrong));
      check.leftovers().forEach(left -> lines.add("left over: " + left));
      lines.add("originals " + check.originals());
      lines.add("classes " + store.classes());
      lines.add("regression set " + store.regressionSet().size());
      for (Day day : store.days()) {
        lines.add(line(day) + " learnable " + store.trainingImages(day.name()).size());
        store.quarantine(day.name()).forEach(image -> lines.add(line(day.name(), image)));
      }
      for (Version version : store.versions()) {
        lines.add(line(version));
        store.evaluations(version.id()).forEach(evaluation -> lines.add(line(evaluation)));
      }
      Aliases aliases = store.aliases();
      lines.add(
          "champion "
              + aliases.champion()
              + " candidate "
              + aliases.candidate()
              + " previous "
              + aliases.previous());
      store.ledger().forEach(entry -> lines.add(line(entry)));
    }
    return List.copyOf(lines);
  }

  private static String line(Day day) {
    return String.join(
        " ",
        "day",
        day.name(),
        "revision",
        "" + day.revision(),
        day.digest(),
        "" + day.state(),
        "train",
        "" + day.train(),
        "regression",
        "" + day.regression(),
        "quarantined",
        "" + day.quarantined(),
        day.refusal().orElse(""));
  }

  private static String line(String day, Quarantined image) {
    return String.join(" ", "quarantined", day, image.name(), image.sha256(), "" + image.reason());
  }

  private static String line(Version version) {
    return String.join(
        " ",
        "version",
        "" + version.id(),
        "parent",
        "" + version.parent(),
        "" + version.kind(),
        "days",
        "" + version.days(),
        "classes",
        "" + version.classes(),
        "images",
        "" + version.images(),
        "data",
        version.dataDigest(),
        "model",
        version.modelDigest(),
        "learner",
        version.learnerDigest());
  }

  private static String line(Evaluation evaluation) {
    return String.join(
        " ",
        "evaluation of",
        "" + evaluation.candidate(),
        "against",
        "" + evaluation.champion(),
        "blessed",
        "" + evaluation.blessed());
  }

  private static String line(LedgerEntry entry) {
    return String.join(
        " ",
        "ledger",
        "" + entry.alias(),
        "" + entry.from(),
        "" + entry.to(),
        entry.action(),
        entry.actor(),
        entry.reason(),
        "forced",
        "" + entry.forced());
  }
}
