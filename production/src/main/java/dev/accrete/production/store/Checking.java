package dev.accrete.production.store;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.production.ingest.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Looks whether a store is whole. */
final class Checking {
  private final Core core;
  private final ProgressListener progress;
  private final List<String> wrong = Collections.synchronizedList(new ArrayList<>());

  Checking(Core core, ProgressListener progress) {
    this.core = core;
    this.progress = progress;
  }

  /** What rows name at one moment, and what no row names. */
  private record Found(
      List<Inventory.Named> originals, List<Inventory.Named> files, List<String> leftovers) {}

  /** Files never change, so only their list is made while nobody else changes the store. */
  CheckReport check() {
    Inventory inventory = new Inventory(core);
    Found found =
        core.locked(
            "check the store",
            () -> {
              core.database().read(this::rows);
              List<String> leftovers = new ArrayList<>();
              for (Path file : inventory.leftovers()) {
                leftovers.add(core.home().name(file));
              }
              return new Found(
                  core.database().read(inventory::originals),
                  core.database().read(Inventory::files),
                  leftovers);
            });
    List<Inventory.Named> all = new ArrayList<>(found.originals());
    all.addAll(found.files());
    List<Inventory.Named> suspect = Collections.synchronizedList(new ArrayList<>());
    AtomicInteger done = new AtomicInteger();
    try {
      Parallel.compute(
          all.size(),
          number -> {
            if (problem(all.get(number)).isPresent()) {
              suspect.add(all.get(number));
            }
            report(done.incrementAndGet(), all.size());
          });
      reportSuspects(inventory, suspect);
    } catch (IOException e) {
      throw Disk.failed("check the store", e);
    }
    return new CheckReport(
        found.originals().size(),
        found.files().size(),
        wrong.stream().sorted().toList(),
        found.leftovers());
  }

  private synchronized void report(int done, int total) {
    progress.progress(done, total);
  }

  /** A file may have been removed with its row while others were read. */
  private void reportSuspects(Inventory inventory, List<Inventory.Named> suspects)
      throws IOException {
    if (suspects.isEmpty()) {
      return;
    }
    Set<Inventory.Named> still =
        core.database()
            .read(
                session -> {
                  Set<Inventory.Named> named = new HashSet<>(inventory.originals(session));
                  named.addAll(Inventory.files(session));
                  return named;
                });
    for (Inventory.Named file : suspects) {
      if (still.contains(file)) {
        problem(file).ifPresent(what -> wrong.add(file.path() + " " + what));
      }
    }
  }

  private Optional<String> problem(Inventory.Named file) {
    Path path = core.home().root().resolve(file.path());
    try {
      if (!Files.isRegularFile(path)) {
        return Optional.of("is missing");
      }
      if (!Digests.of(path).equals(file.sha256())) {
        return Optional.of("has other content than when it was written");
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("cannot be read: " + e.getMessage());
    }
  }

  private boolean rows(Session session) throws SQLException {
    for (String line : session.all("PRAGMA integrity_check", row -> row.text(1))) {
      if (!line.equals("ok")) {
        wrong.add("store.db: " + line);
      }
    }
    session.each(
        "PRAGMA foreign_key_check",
        row ->
            wrong.add(
                "store.db: row "
                    + row.number(2)
                    + " of "
                    + row.text(1)
                    + " names a row of "
                    + row.text(3)
                    + " that is not there"));
    session.each(
        "SELECT i.id FROM images i LEFT JOIN packs p ON p.id = i.pack WHERE i.state <> 'forgotten'"
            + " AND (p.id IS NULL OR i.position NOT BETWEEN 0 AND p.images - 1 OR i.sha256 IS"
            + " NULL)",
        row -> wrong.add("image " + row.number(1) + " has no original or no pixels"));
    session.each(
        "SELECT count(*), max(id) FROM classes",
        row -> {
          if (row.number(1) > 0 && row.number(1) != row.number(2) + 1) {
            wrong.add("classes are not numbered from 0 without gaps");
          }
        });
    for (Day day : Tables.days(session)) {
      counts(session, day);
    }
    session.each(
        "SELECT path FROM doomed", row -> wrong.add(row.text(1) + " is still to be removed"));
    versions(session);
    return true;
  }

  private void counts(Session session, Day day) throws SQLException {
    if (day.state() != DayState.REFUSED && !Tables.isCounted(session, day)) {
      wrong.add(
          String.format(
              Locale.ROOT,
              "day %s is said to have %d to learn, %d held out and %d set aside, its rows have %d,"
                  + " %d and %d: take it in again",
              day.name(),
              day.train(),
              day.regression(),
              day.quarantined(),
              Tables.count(session, day, Split.TRAIN),
              Tables.count(session, day, Split.REGRESSION),
              Tables.countSetAside(session, day)));
    }
  }

  private void versions(Session session) throws SQLException {
    Set<String> files = new HashSet<>(session.all("SELECT path FROM files", row -> row.text(1)));
    Map<Integer, Version> kept = new HashMap<>();
    for (Version version : Tables.versions(session)) {
      if (version.model() == Kept.KEPT) {
        kept.put(version.id(), version);
        require(files, core.home().model(version.id()), version);
        data(session, version);
      }
      if (version.learner() == Kept.KEPT) {
        require(files, core.home().learner(version.id()).resolve("learner.safetensors"), version);
      }
    }
    Aliases aliases = Tables.aliases(session);
    for (Alias alias : Alias.values()) {
      int named = aliases.of(alias).orElse(-1);
      if (named >= 0 && !kept.containsKey(named)) {
        wrong.add(alias.text() + " is version " + named + ", whose model is not kept");
      }
    }
  }

  private void require(Set<String> files, Path file, Version version) {
    if (!files.contains(core.home().name(file))) {
      wrong.add("version " + version.id() + " has no row for " + core.home().name(file));
    }
  }

  /** A version knows each image of its days once and no other, with the labels of then. */
  private void data(Session session, Version version) throws SQLException {
    Knowledge known = Knowledge.of(session, version.id());
    Map<Long, Integer> content = new HashMap<>();
    int images = 0;
    for (int day : known.days()) {
      Map<Long, Integer> ofDay = known.content(session, day);
      images += ofDay.size();
      content.putAll(ofDay);
    }
    Digests.Sum sum = new Digests.Sum("");
    for (String element : VersionWriter.elements(session, content, Core.classNames(session))) {
      sum.add(element);
    }
    if (images != version.images() || !sum.hex().equals(version.dataDigest())) {
      wrong.add(
          "version "
              + version.id()
              + " knows "
              + version.images()
              + " images, its days have "
              + images
              + " or others");
    }
  }
}
