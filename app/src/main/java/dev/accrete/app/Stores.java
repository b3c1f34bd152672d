package dev.accrete.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.accrete.core.AccreteException;
import dev.accrete.nn.Model;
import dev.accrete.production.gate.Accuracy;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.StoreLimits;
import dev.accrete.production.store.UpdatePlan;
import dev.accrete.production.store.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalInt;

/** What the commands about a store share. */
final class Stores {
  static final double MIB = 1L << 20;
  private static final double MEGA = 1e6;
  private static final double GIGA = 1e9;

  private Stores() {}

  static Store open(Path folder) {
    return Store.open(folder);
  }

  /** For what needs no policy, and must work when that is broken. */
  static Store openWithoutPolicy(Path folder) {
    return Store.open(folder, StoreLimits.defaults());
  }

  /** Whether a folder is a store. */
  static boolean isOne(Path folder) {
    return Files.isRegularFile(folder.resolve("store.db"));
  }

  /**
   * The model in production.
   *
   * @throws AccreteException if there is none
   */
  static Model champion(Path folder) {
    try (Store store = openWithoutPolicy(folder)) {
      return store.model(
          store
              .aliases()
              .champion()
              .orElseThrow(
                  () ->
                      new AccreteException(
                          "nothing is in production in " + folder + " yet: promote a version")));
    }
  }

  /** Where clients' classifiers are kept unless somebody says otherwise. */
  static Path classifiers(Path store) {
    Path home = store.toAbsolutePath().normalize();
    return home.resolveSibling(home.getFileName() + ".classifiers");
  }

  /** Who is at the keyboard, for the ledger. */
  static String actor() {
    return System.getProperty("user.name", "unknown");
  }

  /** What making a version will take, before it starts. */
  static String planned(UpdatePlan plan) {
    StringBuilder text = new StringBuilder("learning ");
    text.append(count(plan.images(), "image")).append(" of ");
    text.append(
        plan.days().size() == 1 ? "day " + plan.days().getFirst() : plan.days().size() + " days");
    OptionalInt parent = plan.parent();
    if (parent.isPresent()) {
      text.append(
          plan.rebuilt()
              ? ", anew with what version " + parent.getAsInt() + " knows"
              : ", on top of version " + parent.getAsInt());
    }
    if (plan.takenOut() > 0) {
      text.append("; ").append(count(plan.takenOut(), "image")).append(" taken out");
    }
    if (plan.macs().isPresent()) {
      text.append("; expected: about ")
          .append(macs(plan.macs().getAsLong()))
          .append(" beside what is done once");
    }
    if (plan.bytes().isPresent()) {
      text.append(
          String.format(Locale.ROOT, ", about %.0f MiB of memory", plan.bytes().getAsLong() / MIB));
    }
    return text.toString();
  }

  /** A version that was just made. */
  static String made(Version version) {
    return String.format(
        Locale.ROOT,
        "version %d: %s known, %s, learned in %.1f s (%s)",
        version.id(),
        count(version.images(), "image"),
        classes(version.knownClasses().size()),
        version.cost().seconds(),
        macs(version.cost().macs()));
  }

  private static String macs(long count) {
    return count < GIGA / 10
        ? String.format(Locale.ROOT, "%.1f MMAC", count / MEGA)
        : String.format(Locale.ROOT, "%.1f GMAC", count / GIGA);
  }

  /** What the gate measured of a version the last time; blank if it was not evaluated. */
  static String accuracy(Store store, OptionalInt version) {
    return version.isEmpty()
        ? ""
        : store.evaluations(version.getAsInt()).stream()
            .findFirst()
            .flatMap(Accuracy::of)
            .map(Accuracy::alone)
            .orElse("");
  }

  /** JSON for people. */
  static String indented(String json) {
    return json(json).toPrettyString();
  }

  static JsonNode json(String json) {
    try {
      return new ObjectMapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the store holds a certificate that is no JSON", e);
    }
  }

  static String count(long number, String thing) {
    return number + " " + thing + (number == 1 ? "" : "s");
  }

  static String classes(int number) {
    return number == 1 ? "1 class" : number + " classes";
  }

  static String alias(OptionalInt version) {
    return version.isPresent() ? Integer.toString(version.getAsInt()) : "none";
  }

  /** The number that a user wrote, such as 3, v3 or champion. */
  static int version(Store store, String text) {
    OptionalInt named =
        switch (text.toLowerCase(Locale.ROOT)) {
          case "champion" -> store.aliases().champion();
          case "candidate" -> store.aliases().candidate();
          case "previous" -> store.aliases().previous();
          default -> number(text);
        };
    return named.orElseThrow(
        () ->
            new AccreteException(
                "there is no "
                    + text
                    + " in this store: name a version by its number; accrete store show lists"
                    + " them"));
  }

  private static OptionalInt number(String text) {
    try {
      return OptionalInt.of(Integer.parseInt(text.startsWith("v") ? text.substring(1) : text));
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }
}
