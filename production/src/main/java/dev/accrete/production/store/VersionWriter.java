package dev.accrete.production.store;

import dev.accrete.cl.learner.ContinualLearner;
import dev.accrete.cl.learner.LearnerConfig;
import dev.accrete.core.AccreteException;
import dev.accrete.nn.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/** Makes a version durable: its folder first, then all its rows at once. */
final class VersionWriter {
  static final String START = "start.safetensors";
  private static final String DAYS = "days";
  private static final int MANY = 1000;

  private final Core core;
  private final VersionKind kind;
  private final Finish finish;

  VersionWriter(Core core, VersionKind kind, Finish finish) {
    this.core = core;
    this.kind = kind;
    this.finish = finish;
  }

  /** What else belongs to the transaction that makes a version known. */
  interface Finish {
    void run(Session session, Version version) throws SQLException;
  }

  /**
   * What a version is to be.
   *
   * @param targets days that it knows otherwise than the parent; all of them for a fresh learner
   * @param added images that it learned, with their labels, beyond the parent's if that went on
   * @param removed images that the parent knows and it does not
   */
  record Draft(
      Optional<Version> parent,
      boolean fresh,
      List<Target> targets,
      SortedMap<Long, Integer> added,
      SortedMap<Long, Integer> removed,
      VersionCost cost) {}

  /** A file with its digest. */
  private record Written(String path, String sha256, long bytes) {}

  /**
   * Writes a version.
   *
   * @param model of the learner
   */
  Version write(ContinualLearner learner, Model model, Draft draft, Path scratch)
      throws IOException {
    int id =
        (int)
            (long)
                core.database()
                    .read(
                        session -> session.number("SELECT coalesce(max(id), 0) + 1 FROM versions"));
    Path folder = scratch.resolve("version");
    core.disk().makeFolder(folder);
    save("the model", () -> model.save(folder.resolve(Home.MODEL)));
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
    save("the learner", () -> learner.save(folder));
    if (Files.isDirectory(folder.resolve(DAYS))) {
      core.disk().sync(folder.resolve(DAYS));
    }
    core.disk().sync(folder);
  }

  /** The library names a file in a scratch folder, which tells the user nothing. */
  private void save(String what, Runnable saving) throws IOException {
    core.disk().outside("write " + what);
    try {
      saving.run();
    } catch (AccreteException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw e;
    }
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
        draft.targets().stream().map(target -> target.day().name()).toList(),
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

  private static Data data(Session session, Draft draft) throws SQLException {
    List<String> classes = Core.classNames(session);
    Digests.Sum sum = new Digests.Sum("");
    int images = 0;
    if (!draft.fresh()) {
      Version parent = draft.parent().orElseThrow();
      sum = new Digests.Sum(parent.dataDigest());
      images = parent.images();
    }
    for (String element : elements(session, draft.added(), classes)) {
      sum.add(element);
    }
    for (String element : elements(session, draft.removed(), classes)) {
      sum.subtract(element);
    }
    return new Data(images + draft.added().size() - draft.removed().size(), sum.hex());
  }

  /** What the digest of data is made of: images with their classes. */
  static List<String> elements(Session session, Map<Long, Integer> labels, List<String> classes)
      throws SQLException {
    List<String> elements = new ArrayList<>();
    if (labels.size() > MANY) {
      session.each(
          "SELECT id, sha256 FROM images WHERE state <> 'forgotten'",
          row -> {
            Integer label = labels.get(row.number(1));
            if (label != null) {
              elements.add(row.text(2) + " " + classes.get(label));
            }
          });
      return elements;
    }
    for (Map.Entry<Long, Integer> image : labels.entrySet()) {
      session.each(
          "SELECT sha256 FROM images WHERE id = ?",
          row -> elements.add(row.text(1) + " " + classes.get(image.getValue())),
          image.getKey());
    }
    return elements;
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
    for (Target target : draft.targets()) {
      days.add(new Object[] {version.id(), target.day().id(), target.revision()});
    }
    session.executeAll("INSERT INTO version_days VALUES (?, ?, ?)", days);
    for (Target target : draft.targets()) {
      // Of a day whose correction is blocked it knows what was there before.
      if (target.revision() >= target.day().revision()) {
        session.execute(
            "UPDATE days SET state = 'learned' WHERE id = ? AND state IN ('ingested', 'blocked')",
            target.day().id());
      }
    }
    List<Object[]> rows = new ArrayList<>();
    files.forEach(
        file -> rows.add(new Object[] {file.path(), file.sha256(), file.bytes(), version.id()}));
    session.executeAll("INSERT INTO files VALUES (?, ?, ?, ?)", rows);
    finish.run(session, version);
    Retention.apply(core, session);
  }
}
