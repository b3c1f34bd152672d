package dev.accrete.production.store;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.cl.learner.ContinualLearner;
import dev.accrete.core.Backend;
import dev.accrete.nn.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Makes a version, of the champion's learner if that can go on, and of a fresh one otherwise. */
final class Making {
  private final Core core;
  private final Backend backend;
  private final ProgressListener progress;
  private final Consumer<UpdatePlan> announced;
  private final Forgotten forgotten;

  Making(Core core, Backend backend, ProgressListener progress, Consumer<UpdatePlan> announced) {
    this(core, backend, progress, announced, new Forgotten(Set.of(), Map.of()));
  }

  private Making(
      Core core,
      Backend backend,
      ProgressListener progress,
      Consumer<UpdatePlan> announced,
      Forgotten forgotten) {
    this.core = core;
    this.backend = backend;
    this.progress = progress;
    this.announced = announced;
    this.forgotten = forgotten;
  }

  /**
   * What the version must have no trace of.
   *
   * @param images their numbers
   * @param renamed other names for names of classes
   */
  record Forgotten(Set<Long> images, Map<String, String> renamed) {}

  /** The same without a trace of something. */
  Making forgetting(Forgotten what) {
    return new Making(core, backend, progress, announced, what);
  }

  /** Gives every day that the version is to know, in order; asked only of a fresh learner. */
  interface Everything {
    List<Target> targets(Session session) throws SQLException;
  }

  /** Lets the champion's learner go on with what is different. */
  Version goOn(
      Version champion,
      List<Difference> differences,
      Everything everything,
      VersionWriter writer,
      Path scratch)
      throws IOException {
    SortedMap<Long, Integer> removed = new TreeMap<>();
    differences.forEach(difference -> removed.putAll(difference.removed()));
    if (champion.learner() != Kept.KEPT) {
      return begin(Optional.of(champion), everything, false, removed.size(), writer, scratch);
    }
    try (ContinualLearner learner =
        ContinualLearner.load(core.home().learner(champion.id()), backend)) {
      if (!removed.isEmpty() && !takeOut(learner, removed)) {
        return begin(Optional.of(champion), everything, false, removed.size(), writer, scratch);
      }
      List<Lesson> lessons = new ArrayList<>();
      SortedMap<Long, Integer> added = new TreeMap<>();
      for (Difference difference : differences) {
        added.putAll(difference.added());
        if (!difference.added().isEmpty()) {
          lessons.add(Lesson.of(difference.target().day(), difference.added()));
        }
      }
      announced.accept(plan(Optional.of(champion), false, lessons, removed.size()));
      VersionCost cost = Lesson.learn(core, learner, lessons, progress);
      rename(learner);
      List<Target> targets = differences.stream().map(Difference::target).toList();
      return writer.write(
          learner,
          sure(learner.model()),
          new VersionWriter.Draft(Optional.of(champion), false, targets, added, removed, cost),
          scratch);
    }
  }

  private void rename(ContinualLearner learner) {
    forgotten
        .renamed()
        .forEach(
            (name, other) -> {
              if (learner.classes().contains(name)) {
                learner.rename(name, other);
              }
            });
  }

  /** The model, no surer than images let it be that it never learned. */
  private Model sure(Model model) {
    try (StoredImages heldOut = core.database().read(this::heldOut)) {
      return HeldOutTemperature.fit(model, heldOut, backend);
    }
  }

  /** Some images that were never learned, mostly the same from day to day. */
  private StoredImages heldOut(Session session) throws SQLException {
    List<StoredImages.Entry> entries =
        Tables.entries(core, session, "WHERE i.state = 'kept' AND i.split = 'regression'").stream()
            .filter(entry -> !forgotten.images().contains(entry.image().id()))
            .sorted(Comparator.comparing(entry -> entry.image().sha256()))
            .limit(HeldOutTemperature.MOST)
            .toList();
    return new StoredImages(
        "held-out images", core.learner().imageSize(), Core.classNames(session), entries);
  }

  private boolean takeOut(ContinualLearner learner, Map<Long, Integer> images) {
    Lesson lesson = new Lesson("images taken out", OptionalInt.empty(), images);
    try (StoredImages set = core.database().read(session -> lesson.open(core, session))) {
      return core.unlearning().takeOut(learner, set);
    }
  }

  /**
   * Lets a fresh learner begin.
   *
   * @param together whether it learns everything at once, instead of day by day; one that adds up
   *     does not, for it knows the same either way, and from days it also learns how sure it may be
   */
  Version begin(
      Optional<Version> champion,
      Everything everything,
      boolean together,
      int removed,
      VersionWriter writer,
      Path scratch)
      throws IOException {
    List<Target> targets = core.database().read(everything::targets);
    SortedMap<Long, Integer> added = new TreeMap<>();
    List<Lesson> lessons = new ArrayList<>();
    for (Target target : targets) {
      added.putAll(target.content());
      if (!target.content().isEmpty()) {
        lessons.add(Lesson.of(target.day(), target.content()));
      }
    }
    announced.accept(plan(champion, champion.isPresent(), lessons, removed));
    try (ContinualLearner learner = core.fresh(forgotten.renamed().keySet(), backend)) {
      List<Lesson> learned =
          together && !learner.canForget()
              ? List.of(new Lesson("all days", OptionalInt.empty(), added))
              : lessons;
      VersionCost cost = Lesson.learn(core, learner, learned, progress);
      return writer.write(
          learner,
          sure(learner.model()),
          new VersionWriter.Draft(champion, true, targets, added, new TreeMap<>(), cost),
          scratch);
    }
  }

  private UpdatePlan plan(
      Optional<Version> champion, boolean rebuilt, List<Lesson> lessons, int removed) {
    int images = lessons.stream().mapToInt(lesson -> lesson.images().size()).sum();
    List<Version> before = core.database().read(Tables::versions);
    boolean any = before.stream().anyMatch(version -> !version.fresh());
    OptionalDouble perImage = any ? perImage(before) : OptionalDouble.empty();
    return new UpdatePlan(
        champion.map(version -> OptionalInt.of(version.id())).orElse(OptionalInt.empty()),
        rebuilt,
        lessons.stream().map(Lesson::name).toList(),
        images,
        removed,
        perImage.isPresent()
            ? OptionalLong.of((long) (perImage.getAsDouble() * images))
            : OptionalLong.empty(),
        any
            ? before.stream().mapToLong(version -> version.cost().peakBytes()).max()
            : OptionalLong.empty());
  }

  /** What learning an image took where the least was done for all of them together. */
  private static OptionalDouble perImage(List<Version> versions) {
    Map<Integer, Integer> known = new HashMap<>();
    versions.forEach(version -> known.put(version.id(), version.images()));
    return versions.stream()
        .filter(version -> version.images() > start(version, known))
        .mapToDouble(
            version -> (double) version.cost().macs() / (version.images() - start(version, known)))
        .min();
  }

  /** How many images its learner knew before. */
  private static int start(Version version, Map<Integer, Integer> known) {
    OptionalInt parent = version.parent();
    return version.fresh() || parent.isEmpty() ? 0 : known.getOrDefault(parent.getAsInt(), 0);
  }
}
