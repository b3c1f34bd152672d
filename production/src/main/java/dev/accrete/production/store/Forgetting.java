package dev.accrete.production.store;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Removes images from everything: originals, pixels, rows, learners and models. The champion is
 * made anew without them before anything is removed.
 */
final class Forgetting {
  private static final int PREFIX = 8;

  /** A file that names no subject may have come under another name, or been served, with one. */
  private static final String OF_SUBJECT =
      "spelled(subject) = ? OR sha256 IN (SELECT image FROM predictions WHERE "
          + Afterwards.SUBJECT
          + ") OR sha256 IN (SELECT sha256 FROM quarantine WHERE spelled(subject) = ?)";

  private final Core core;
  private final ForgetRequest request;
  private final Consumer<UpdatePlan> announced;

  Forgetting(Core core, ForgetRequest request, Consumer<UpdatePlan> announced) {
    this.core = core;
    this.request = request;
    this.announced = announced;
  }

  /** An image that is to go. */
  record Gone(long id, String sha256, String name, int day, int label, boolean kept, int pack) {}

  /**
   * What is to go.
   *
   * @param wanted what was asked for, a digest in full
   * @param traces of the images elsewhere, as they are now: answers go on to come in
   * @param days affected, with their content afterwards, at their next revision
   * @param knowing versions whose files are there and that know one of the images
   */
  record Scope(
      ForgetRequest wanted,
      List<Gone> images,
      Traces traces,
      Optional<Integer> classId,
      List<Target> days,
      SortedSet<Integer> knowing,
      Optional<Version> champion) {
    Set<Long> ids() {
      return images.stream().map(Gone::id).collect(Collectors.toSet());
    }

    Set<String> digests() {
      return images.stream().map(Gone::sha256).collect(Collectors.toSet());
    }

    boolean isKnownToChampion() {
      return champion.isPresent() && knowing.contains(champion.get().id());
    }
  }

  ForgetReport forget(Backend backend, ProgressListener progress) {
    return core.exclusively(
        "forget " + request.what().text() + " " + request.value(),
        scratch -> {
          Scope scope = core.database().read(this::scope);
          Erasure erasure = new Erasure(core, request, scope);
          erasure.rewritePacks(scratch);
          removeUnfinished(scope);
          ForgetReport report =
              scope.isKnownToChampion()
                  ? withoutThem(scope, erasure, backend, progress, scratch)
                  : core.database().write(session -> erasure.finish(session, Optional.empty()));
          Doomed.remove(core);
          core.database().truncateLog();
          return report;
        });
  }

  private ForgetReport withoutThem(
      Scope scope, Erasure erasure, Backend backend, ProgressListener progress, Path scratch)
      throws IOException {
    Version champion = scope.champion().orElseThrow();
    List<Target> all = core.database().read(session -> everything(session, scope, champion));
    if (all.stream().allMatch(target -> target.content().isEmpty())) {
      return core.database().write(session -> erasure.finish(session, Optional.empty()));
    }
    List<ForgetReport> reports = new ArrayList<>();
    VersionWriter writer =
        new VersionWriter(
            core,
            VersionKind.FORGET,
            (session, version) -> reports.add(erasure.finish(session, Optional.of(version))));
    List<Difference> differences =
        core.database().read(session -> differences(session, scope, champion));
    new Making(core, backend, progress, announced)
        .forgetting(new Making.Forgotten(scope.ids(), renamed(scope)))
        .goOn(champion, differences, session -> all, writer, scratch);
    return reports.getLast();
  }

  /** The name of a class goes out of learners too. */
  private Map<String, String> renamed(Scope scope) {
    return scope
        .classId()
        .map(id -> Map.of(request.value(), Erasure.placeholder(id)))
        .orElse(Map.of());
  }

  /** Images of answers that somebody was about to keep. */
  private void removeUnfinished(Scope scope) throws IOException {
    for (Path folder : Folders.list(core.home().temporary())) {
      if (folder.getFileName().toString().startsWith(Core.LIGHT)) {
        for (String original : scope.traces().originals()) {
          core.disk().remove(folder.resolve(original));
        }
      }
    }
  }

  /** What the champion knows of images that go; on days of long ago it may know more than is in. */
  private static List<Difference> differences(Session session, Scope scope, Version champion)
      throws SQLException {
    Knowledge known = Knowledge.of(session, champion.id());
    Set<Long> ids = scope.ids();
    List<Difference> differences = new ArrayList<>();
    for (Target target : everything(session, scope, champion)) {
      Map<Long, Integer> content = known.content(session, target.day().id());
      boolean affected =
          content.keySet().stream().anyMatch(ids::contains)
              || scope.classId().filter(content::containsValue).isPresent()
              || scope.days().contains(target);
      if (affected) {
        differences.add(known.difference(session, target));
      }
    }
    return differences;
  }

  /** All that the champion knows, as it will be. */
  private static List<Target> everything(Session session, Scope scope, Version champion)
      throws SQLException {
    Knowledge known = Knowledge.of(session, champion.id());
    Map<Integer, Target> changed = new HashMap<>();
    scope.days().forEach(target -> changed.put(target.day().id(), target));
    List<Target> targets = new ArrayList<>();
    for (Day day : Tables.days(session)) {
      Target target = changed.get(day.id());
      if (known.days().contains(day.id()) && target != null) {
        targets.add(target);
      } else if (known.days().contains(day.id())) {
        boolean blocked = day.state() == DayState.BLOCKED;
        targets.add(blocked ? known.target(session, day) : Target.now(session, day));
      }
    }
    return targets;
  }

  private Scope scope(Session session) throws SQLException {
    ForgetRequest wanted =
        request.what() == ForgetRequest.What.IMAGE ? request.of(digest(session)) : request;
    Optional<Integer> classId =
        wanted.what() == ForgetRequest.What.CLASS
            ? session.first(
                "SELECT id FROM classes WHERE name = ? AND NOT forgotten",
                row -> row.integer(1),
                wanted.value())
            : Optional.empty();
    String value = wanted.value();
    List<Gone> images =
        switch (wanted.what()) {
          case IMAGE -> images(session, "sha256 = ?", value);
          case SUBJECT -> images(session, OF_SUBJECT, value, value, value);
          case CLASS -> images(session, "label = ?", classId.orElse(-1));
        };
    Traces traces =
        Traces.of(session, wanted, images.stream().map(Gone::sha256).collect(Collectors.toSet()));
    if (images.isEmpty() && classId.isEmpty() && traces.isEmpty()) {
      throw new AccreteException(
          "there is no image of "
              + request.what().text()
              + " '"
              + request.value()
              + "' in this store; accrete store show --all lists classes and days");
    }
    SortedSet<Integer> knowing = knowing(session, images);
    if (classId.isPresent()) {
      knowing.addAll(naming(session, classId.get(), value));
    }
    return new Scope(
        wanted,
        images,
        traces,
        classId,
        days(session, images),
        knowing,
        Updating.champion(session));
  }

  /** Versions whose files may name a class, whether they learned an image of it or not. */
  private static List<Integer> naming(Session session, int classId, String name)
      throws SQLException {
    return session.all(
        "SELECT v.id FROM versions v JOIN classes c ON c.id = ? WHERE (v.learner = 'kept' AND"
            + " v.created_at >= c.declared_at) OR ((v.model = 'kept' OR v.learner = 'kept') AND ? IN"
            + " (SELECT value FROM json_each(v.classes)))",
        row -> row.integer(1),
        classId,
        name);
  }

  private static List<Gone> images(Session session, String where, Object... values)
      throws SQLException {
    return session.all(
        "SELECT id, sha256, name, day, label, state = 'kept', pack FROM images WHERE state <>"
            + " 'forgotten' AND ("
            + where
            + ") ORDER BY id",
        row ->
            new Gone(
                row.number(1),
                row.text(2),
                row.text(3),
                row.integer(4),
                row.integer(5),
                row.flag(6),
                row.integer(7)),
        values);
  }

  /** A digest, or as much of its beginning as tells it from all others. */
  private String digest(Session session) throws SQLException {
    String given = request.value().toLowerCase(Locale.ROOT);
    if (given.length() < PREFIX || !given.matches("[0-9a-f]+")) {
      throw new AccreteException(
          "'" + request.value() + "' is no digest: give the SHA-256 of the image's file");
    }
    List<String> found =
        session.all(
            "SELECT sha256 FROM (SELECT sha256 FROM images UNION SELECT sha256 FROM quarantine UNION"
                + " SELECT image FROM predictions) WHERE sha256 LIKE ? || '%' LIMIT 2",
            row -> row.text(1), given);
    if (found.size() > 1) {
      throw new AccreteException("several images' digests begin with " + given + ": give more");
    }
    return found.isEmpty() ? given : found.getFirst();
  }

  private static List<Target> days(Session session, List<Gone> images) throws SQLException {
    SortedMap<Integer, List<Long>> byDay = new TreeMap<>();
    for (Gone gone : images) {
      if (gone.kept()) {
        byDay.computeIfAbsent(gone.day(), day -> new ArrayList<>()).add(gone.id());
      }
    }
    List<Target> targets = new ArrayList<>();
    for (Day day : Tables.days(session)) {
      List<Long> gone = byDay.get(day.id());
      if (gone != null) {
        SortedMap<Long, Integer> content = Knowledge.content(session, day.id(), day.revision());
        content.keySet().removeAll(gone);
        targets.add(new Target(day, day.revision() + 1, content));
      }
    }
    return targets;
  }

  /** Versions that learned one of the images, on whatever day it came in then. */
  private static SortedSet<Integer> knowing(Session session, List<Gone> images)
      throws SQLException {
    SortedSet<Integer> days = new TreeSet<>();
    Set<Long> ids = new TreeSet<>();
    for (Gone gone : images) {
      ids.add(gone.id());
      days.addAll(
          session.all(
              "SELECT DISTINCT day FROM changes WHERE image = ?",
              row -> row.integer(1),
              gone.id()));
    }
    SortedSet<Integer> knowing = new TreeSet<>();
    for (int version :
        session.all(
            "SELECT id FROM versions WHERE model = 'kept' OR learner = 'kept'",
            row -> row.integer(1))) {
      Knowledge known = Knowledge.of(session, version);
      for (int day : days) {
        if (known.content(session, day).keySet().stream().anyMatch(ids::contains)) {
          knowing.add(version);
          break;
        }
      }
    }
    return knowing;
  }
}
