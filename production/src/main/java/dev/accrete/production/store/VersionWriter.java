package dev.accrete.production.store;

import dev.accrete.cl.learner.ContinualLearner;
import dev.accrete.cl.learner.LearnerConfig;
import dev.accrete.nn.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/** Makes a version durable: its folder first, then all its rows at once. */
final class VersionWriter {
  private static final String START = "start.safetensors";
  private static final String DAYS = "days";

  private final Core core;
  private final VersionKind kind;
  private final String actor;

  VersionWriter(Core core, VersionKind kind, String actor) {
    this.core = core;
    this.kind = kind;
    this.actor = actor;
  }

  /**
   * What a version is to be.
   *
   * @param days that it knows anew, as they are now
   * @param differences what it learned beyond the parent, and what it does not know any more
   */
  record Draft(
      Optional<Version> parent,
      boolean fresh,
      List<Day> days,
      List<Knowledge.Difference> differences,
      VersionCost cost) {}

  /** A file with its digest. */
  private record Written(String path, String sha256, long bytes) {}

  Version write(ContinualLearner learner, Draft draft, Path scratch) throws IOException {
    int id =
        (int)
            (long)
                core.database()
                    .read(
                        session -> session.number("SELECT coalesce(max(id), 0) + 1 FROM versions"));
    Path folder = scratch.resolve("version");
    core.disk().makeFolder(folder);
    Model model = learner.model();
    core.disk().outside("write " + Home.MODEL);
    model.save(folder.resolve(Home.MODEL));
    saveLearner(learner, draft, folder.resolve(Home.LEARNER));
    Version version = core.database().read(session -> version(session, id, learner, model, draft));
    core.disk().write(folder.resolve(Home.CARD), List.of(Json.file(card(version))));
    core.disk().sync(folder);
    List<Written> files = digests(folder, id);
    // A killed process may have come as far as this, without a row.
    core.disk().remove(core.home().version(id));
    core.disk().move(folder, core.home().version(id));
    core.disk().sync(core.home().versions());
    core.database()
        .write(
            session -> {
              insert(session, version, draft, files);
              return id;
            });
    Doomed.remove(core);
    return core.database().read(session -> Tables.version(session, id)).orElseThrow();
  }

  /** What never changes is one file with many names. */
  private void saveLearner(ContinualLearner learner, Draft draft, Path folder) throws IOException {
    core.disk().makeFolder(folder);
    if (!draft.fresh() && draft.parent().isPresent()) {
      Path before = core.home().learner(draft.parent().get().id());
      core.disk().link(before.resolve(START), folder.resolve(START));
      if (Files.isDirectory(before.resolve(DAYS))) {
        core.disk().makeFolder(folder.resolve(DAYS));
        for (Path day : Folders.list(before.resolve(DAYS))) {
          core.disk().link(day, folder.resolve(DAYS).resolve(day.getFileName()));
        }
      }
    }
    core.disk().outside("write " + Home.LEARNER);
    learner.save(folder);
    if (Files.isDirectory(folder.resolve(DAYS))) {
      core.disk().sync(folder.resolve(DAYS));
    }
    core.disk().sync(folder);
  }

  private List<Written> digests(Path folder, int id) throws IOException {
    List<Path> files = Folders.files(folder);
    Written[] written = new Written[files.size()];
    Parallel.compute(
        files.size(),
        i -> {
          Path file = files.get(i);
          Path target = core.home().version(id).resolve(folder.relativize(file).toString());
          written[i] = new Written(core.home().name(target), Digests.of(file), Files.size(file));
        });
    return List.of(written);
  }

  private Version version(
      Session session, int id, ContinualLearner learner, Model model, Draft draft)
      throws SQLException {
    LearnerConfig config = learner.config();
    Map<String, String> settings = new TreeMap<>(config.settings());
    settings.put("strategy", config.strategy());
    settings.put("model", config.architecture());
    settings.put("image-size", Integer.toString(config.imageSize()));
    settings.put("seed", Long.toString(config.seed()));
    Data data = data(session, draft);
    return new Version(
        id,
        draft.parent().map(parent -> OptionalInt.of(parent.id())).orElse(OptionalInt.empty()),
        draft.fresh(),
        kind,
        core.now(),
        draft.days().stream().map(Day::name).toList(),
        model.classes(),
        data.images(),
        settings,
        data.digest(),
        model.digest(),
        learner.digest(),
        draft.cost(),
        Kept.KEPT,
        Kept.KEPT);
  }

  /** Training images that a version knows. */
  private record Data(int images, String digest) {}

  private Data data(Session session, Draft draft) throws SQLException {
    Map<Long, String> digests = new LinkedHashMap<>();
    List<String> classes = Core.classNames(session);
    if (draft.fresh()) {
      Digests.Sum sum = new Digests.Sum("");
      int images = 0;
      for (Day day : known(session, draft)) {
        images +=
            add(session, sum, day, Knowledge.content(session, day.id(), day.revision()), classes);
      }
      return new Data(images, sum.hex());
    }
    Version parent = draft.parent().orElseThrow();
    Knowledge before = Knowledge.of(session, parent.id());
    Digests.Sum sum = new Digests.Sum(parent.dataDigest());
    int images = parent.images();
    for (Knowledge.Difference difference : draft.differences()) {
      int day = difference.day().id();
      digests.clear();
      session.each(
          "SELECT id, sha256 FROM images WHERE day = ?",
          row -> digests.put(row.number(1), row.text(2)),
          day);
      Map<Long, Integer> now = Knowledge.content(session, day, difference.day().revision());
      Map<Long, Integer> then = before.content(session, day);
      for (long image : difference.added()) {
        sum.add(element(digests, image, now, classes));
      }
      for (long image : difference.removed()) {
        sum.subtract(element(digests, image, then, classes));
      }
      images += difference.added().size() - difference.removed().size();
    }
    return new Data(images, sum.hex());
  }

  private static int add(
      Session session, Digests.Sum sum, Day day, Map<Long, Integer> content, List<String> classes)
      throws SQLException {
    Map<Long, String> digests = new LinkedHashMap<>();
    session.each(
        "SELECT id, sha256 FROM images WHERE day = ?",
        row -> digests.put(row.number(1), row.text(2)),
        day.id());
    content.keySet().forEach(image -> sum.add(element(digests, image, content, classes)));
    return content.size();
  }

  private static String element(
      Map<Long, String> digests, long image, Map<Long, Integer> labels, List<String> classes) {
    return digests.getOrDefault(image, "") + " " + classes.get(labels.getOrDefault(image, 0));
  }

  /** All days that a version from a fresh learner knows. */
  private static List<Day> known(Session session, Draft draft) throws SQLException {
    Set<Integer> ids = new HashSet<>();
    if (draft.parent().isPresent()) {
      ids.addAll(Knowledge.of(session, draft.parent().get().id()).days());
    }
    draft.days().forEach(day -> ids.add(day.id()));
    return Tables.days(session).stream().filter(day -> ids.contains(day.id())).toList();
  }

  private static Map<String, Object> card(Version version) {
    Map<String, Object> card = new LinkedHashMap<>();
    card.put("version", version.id());
    card.put("kind", version.kind().text());
    version.parent().ifPresent(parent -> card.put("parent", parent));
    card.put("fresh", version.fresh());
    card.put("created", version.createdAt().toString());
    card.put("days", version.days());
    card.put("classes", version.classes());
    card.put("images", version.images());
    card.put("settings", new TreeMap<>(version.settings()));
    card.put("data", version.dataDigest());
    card.put("model", version.modelDigest());
    card.put("learner", version.learnerDigest());
    card.put("cost", version.cost());
    return card;
  }

  private void insert(Session session, Version version, Draft draft, List<Written> files)
      throws SQLException {
    session.execute(
        "INSERT INTO versions (id, parent, fresh, kind, created_at, classes, images, settings,"
            + " data_digest, model_sha256, learner_digest, cost, model, learner) VALUES (?, ?, ?, ?,"
            + " ?, ?, ?, ?, ?, ?, ?, ?, 'kept', 'kept')",
        version.id(),
        version.parent(),
        version.fresh(),
        version.kind().text(),
        version.createdAt().toString(),
        Json.text(version.classes()),
        version.images(),
        Json.text(version.settings()),
        version.dataDigest(),
        version.modelDigest(),
        version.learnerDigest(),
        Json.text(version.cost()));
    List<Object[]> days = new ArrayList<>();
    for (Day day : version.fresh() ? known(session, draft) : draft.days()) {
      days.add(new Object[] {version.id(), day.id(), day.revision()});
    }
    session.executeAll("INSERT INTO version_days VALUES (?, ?, ?)", days);
    for (Day day : draft.days()) {
      session.execute(
          "UPDATE days SET state = 'learned' WHERE id = ? AND state IN ('ingested', 'blocked')",
          day.id());
    }
    List<Object[]> rows = new ArrayList<>();
    files.forEach(
        file -> rows.add(new Object[] {file.path(), file.sha256(), file.bytes(), version.id()}));
    session.executeAll("INSERT INTO files VALUES (?, ?, ?, ?)", rows);
    new Movements(core, session, kind.text(), actor)
        .move(Alias.CANDIDATE, OptionalInt.of(version.id()), "", false);
    Retention.apply(core, session);
  }
}
