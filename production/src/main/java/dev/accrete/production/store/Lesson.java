package dev.accrete.production.store;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.cl.learner.ContinualLearner;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Images that are learned together, as one experience.
 *
 * @param day if they are all of one
 * @param images with their labels
 */
record Lesson(String name, OptionalInt day, Map<Long, Integer> images) {
  static Lesson of(Day day, Map<Long, Integer> images) {
    return new Lesson(day.name(), OptionalInt.of(day.id()), images);
  }

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
                    images,
                    (done, all) ->
                        progress.progress(from + size * done / Math.max(1, all), total)));
      }
      before += size;
      progress.progress(before, total);
    }
    return cost;
  }

  /** The images themselves. */
  StoredImages open(Core core, Session session) throws SQLException {
    List<StoredImages.Entry> all =
        day.isPresent()
            ? Tables.entries(core, session, "WHERE i.state <> 'forgotten' AND i.day = ?", day)
            : Tables.entries(core, session, "WHERE i.state <> 'forgotten'");
    List<StoredImages.Entry> entries = new ArrayList<>();
    for (StoredImages.Entry entry : all) {
      Integer label = images.get(entry.image().id());
      if (label != null) {
        entries.add(entry.labelled(label));
      }
    }
    if (entries.size() != images.size()) {
      throw new IllegalStateException(name + " has changed while it was learned");
    }
    return new StoredImages(name, core.learner().imageSize(), Core.classNames(session), entries);
  }
}
