package dev.accrete.production.store;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.cl.learner.ContinualLearner;
import dev.accrete.core.Backend;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Makes the next version: the champion's learner goes on with what came in since. */
final class Updating {
  private final Core core;
  private final UpdateOptions options;

  Updating(Core core, UpdateOptions options) {
    this.core = core;
    this.options = options;
  }

  /** What there is to do. */
  private record Work(
      Optional<Version> champion, List<Knowledge.Difference> differences, List<Day> days) {
    int removed() {
      return differences.stream().mapToInt(difference -> difference.removed().size()).sum();
    }

    int added() {
      return differences.stream().mapToInt(difference -> difference.added().size()).sum();
    }
  }

  Optional<Version> update(Backend backend, ProgressListener progress) {
    return core.exclusively("make a version", scratch -> update(backend, progress, scratch));
  }

  private Optional<Version> update(Backend backend, ProgressListener progress, Path scratch)
      throws IOException {
    Work work = core.database().read(this::work);
    if (work.added() == 0 && work.removed() == 0) {
      return Optional.empty();
    }
    boolean rebuilt =
        work.champion().isPresent()
            && (work.removed() > 0 || work.champion().get().learner() != Kept.KEPT);
    boolean fresh = rebuilt || work.champion().isEmpty();
    List<Lesson> lessons = core.database().read(session -> lessons(session, work, fresh));
    options.announced().accept(plan(work, lessons, rebuilt));
    VersionWriter writer = new VersionWriter(core, options.kind(), options.actor());
    Optional<Integer> parent = work.champion().map(Version::id);
    try (ContinualLearner learner =
        fresh
            ? ContinualLearner.create(core.learner(), backend)
            : ContinualLearner.load(core.home().learner(parent.orElseThrow()), backend)) {
      VersionCost cost = Lesson.learn(core, learner, lessons, progress);
      return Optional.of(
          writer.write(
              learner,
              new VersionWriter.Draft(
                  work.champion(), fresh, work.days(), work.differences(), cost),
              scratch));
    }
  }

  private Work work(Session session) throws SQLException {
    OptionalInt id = Tables.aliases(session).champion();
    Optional<Version> champion =
        id.isPresent() ? Tables.version(session, id.getAsInt()) : Optional.empty();
    Knowledge known = id.isPresent() ? Knowledge.of(session, id.getAsInt()) : Knowledge.none();
    List<Knowledge.Difference> differences = new ArrayList<>();
    List<Day> days = new ArrayList<>();
    for (Day day : Tables.days(session)) {
      boolean usable =
          day.state() == DayState.INGESTED
              || day.state() == DayState.LEARNED
              || (day.state() == DayState.BLOCKED && options.blocked());
      if (!usable || known.has(day.id(), day.revision())) {
        continue;
      }
      days.add(day);
      Knowledge.Difference difference = known.difference(session, day);
      if (!difference.isEmpty()) {
        differences.add(difference);
      }
    }
    return new Work(champion, differences, days);
  }

  private List<Lesson> lessons(Session session, Work work, boolean fresh) throws SQLException {
    List<Lesson> lessons = new ArrayList<>();
    if (!fresh) {
      for (Knowledge.Difference difference : work.differences()) {
        if (!difference.added().isEmpty()) {
          lessons.add(new Lesson(difference.day(), difference.added()));
        }
      }
      return lessons;
    }
    Knowledge known =
        work.champion().isPresent()
            ? Knowledge.of(session, work.champion().get().id())
            : Knowledge.none();
    List<Integer> renewed = work.days().stream().map(Day::id).toList();
    for (Day day : Tables.days(session)) {
      if (known.days().contains(day.id()) || renewed.contains(day.id())) {
        List<Long> images =
            List.copyOf(Knowledge.content(session, day.id(), day.revision()).keySet());
        if (!images.isEmpty()) {
          lessons.add(new Lesson(day, images));
        }
      }
    }
    return lessons;
  }

  private UpdatePlan plan(Work work, List<Lesson> lessons, boolean rebuilt) {
    int images = lessons.stream().mapToInt(lesson -> lesson.images().size()).sum();
    Optional<VersionCost> before =
        work.champion().map(Version::cost).filter(cost -> cost.imagesSeen() > 0);
    return new UpdatePlan(
        work.champion().map(version -> OptionalInt.of(version.id())).orElse(OptionalInt.empty()),
        rebuilt,
        lessons.stream().map(lesson -> lesson.day().name()).toList(),
        images,
        work.removed(),
        before
            .map(
                cost ->
                    OptionalLong.of(Math.round((double) cost.macs() / cost.imagesSeen() * images)))
            .orElse(OptionalLong.empty()),
        before.map(cost -> OptionalLong.of(cost.peakBytes())).orElse(OptionalLong.empty()));
  }
}
