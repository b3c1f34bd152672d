package dev.accrete.production.store;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.cl.learner.ContinualLearner;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Images that are learned together, as one experience. */
record Lesson(Day day, List<Long> images) {
  /** Learns them one after another. */
  static VersionCost learn(
      Core core, ContinualLearner learner, List<Lesson> lessons, ProgressListener progress) {
    long total = lessons.stream().mapToLong(lesson -> lesson.images().size()).sum();
    long before = 0;
    VersionCost cost = VersionCost.NONE;
    for (Lesson lesson : lessons) {
      long from = before;
      int size = lesson.images().size();
      try (StoredImages images = core.database().read(session -> lesson.open(core, session))) {
        cost =
            cost.plus(
                learner.learn(
                    images, (done, all) -> progress.progress(from + size * done / all, total)));
      }
      before += size;
      progress.progress(before, total);
    }
    return cost;
  }

  private StoredImages open(Core core, Session session) throws SQLException {
    Set<Long> wanted = new HashSet<>(images);
    List<StoredImages.Entry> entries = new ArrayList<>();
    for (StoredImages.Entry entry :
        Tables.entries(core, session, "WHERE i.day = ? AND i.state = 'kept'", day.id())) {
      if (wanted.contains(entry.image().id())) {
        entries.add(entry);
      }
    }
    if (entries.size() != wanted.size()) {
      throw new IllegalStateException("day " + day.name() + " has changed while it was learned");
    }
    return new StoredImages(
        day.name(), core.learner().imageSize(), Core.classNames(session), entries);
  }
}
