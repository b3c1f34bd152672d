package dev.accrete.spark;

import static org.apache.spark.sql.functions.col;

import dev.accrete.cl.data.InMemoryImageSet;
import dev.accrete.cl.learner.ContinualLearner;
import dev.accrete.cl.learner.LearnerConfig;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.nn.image.ImageDecoder;
import dev.accrete.nn.image.ImageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.TreeSet;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * Learns images wherever they are: every partition decodes its own, runs the frozen layers and adds
 * up its statistics; a tree of merges adds up those of all. The sums are those of one machine, to
 * rounding, however the images are spread. A task that is computed again counts once, for only
 * results are merged.
 */
public final class DistributedLearning {
  /** Images of a partition that are in memory at once. */
  private static final int PORTION = 2048;

  private static final int DEPTH = 2;

  private DistributedLearning() {}

  /**
   * What was learned.
   *
   * @param images how many
   * @param bad how many could not be decoded, or have no label
   * @param remarks why, for the first of them
   * @param classes that the learner knows now
   */
  public record Outcome(long images, long bad, List<String> remarks, List<String> classes) {
    /** Copies the lists. */
    public Outcome {
      remarks = List.copyOf(remarks);
      classes = List.copyOf(classes);
    }
  }

  /**
   * Learns images into a learner's folder; makes it if it is not there.
   *
   * @param images see {@link LabelledFiles}; an image that is there twice is an error, as is one
   *     that the learner knows
   * @param config of a new learner; one that is there keeps its own
   * @param backend a name of {@link Backends}, on the driver and in every task
   * @throws AccreteException if the strategy's knowledge is no sum, an image counts twice, or no
   *     image can be decoded; the folder is as it was then
   */
  public static Outcome learn(
      Dataset<Row> images, Path folder, LearnerConfig config, String backend) {
    Dataset<Row> files =
        LabelledFiles.require(
            images, "the data set", LabelledFiles.NAME, LabelledFiles.LABEL, LabelledFiles.CONTENT);
    try (Backend engine = Backends.create(backend, BackendOptions.defaults());
        ContinualLearner learner =
            ContinualLearner.exists(folder)
                ? ContinualLearner.load(folder, engine)
                : ContinualLearner.create(config, engine)) {
      if (!learner.canForget()) {
        throw new AccreteException(
            "what "
                + learner.config().strategy()
                + " knows is no sum, so it cannot be learned in parts: use analytic or slda, or"
                + " learn on one machine");
      }
      LearnerRecipe recipe = LearnerRecipe.of(learner.config(), classes(files, learner.classes()));
      Engine each = new Engine(backend);
      JavaRDD<Row> rows = files.javaRDD();
      Partial sum =
          rows.mapPartitions(part -> List.of(learn(part, recipe, each)).iterator())
              .treeAggregate(
                  Partial.empty(), (a, b) -> a.with(b, each), (a, b) -> a.with(b, each), DEPTH);
      if (sum.images() == 0) {
        throw new AccreteException(
            "no image was learned: there is none that can be decoded and has a label"
                + (sum.remarks().isEmpty() ? "" : ", such as " + sum.remarks().getFirst()));
      }
      sum.opened(
          engine,
          learned -> {
            learner.merge(learned);
            return learned;
          });
      learner.save(folder);
      return new Outcome(sum.images(), sum.bad(), sum.remarks(), learner.classes());
    }
  }

  /** Those known, in their order, then new ones in that of their names: the same everywhere. */
  private static List<String> classes(Dataset<Row> files, List<String> known) {
    List<String> found =
        files
            .select(col(LabelledFiles.LABEL))
            .where(col(LabelledFiles.LABEL).isNotNull().and(col(LabelledFiles.LABEL).notEqual("")))
            .distinct()
            .as(Encoders.STRING())
            .collectAsList();
    List<String> all = new ArrayList<>(known);
    for (String name : new TreeSet<>(found)) {
      if (!all.contains(name)) {
        all.add(name);
      }
    }
    return all;
  }

  private static Partial learn(Iterator<Row> rows, LearnerRecipe recipe, Engine engine) {
    if (!rows.hasNext()) {
      return Partial.empty();
    }
    return engine.use(
        backend -> {
          try (ContinualLearner learner = ContinualLearner.create(recipe.config(), backend)) {
            Portion portion = new Portion(recipe);
            long images = 0;
            while (rows.hasNext()) {
              portion.add(rows.next());
              if (portion.count == PORTION || !rows.hasNext()) {
                images += portion.learn(learner);
              }
            }
            return Partial.of(learner, images, portion.bad);
          }
        });
  }

  /** Decoded images that are learned together. */
  private static final class Portion {
    private final int side;
    private final int bytes;
    private final List<String> classes;
    private final byte[] pixels;
    private final int[] labels = new int[PORTION];
    private final List<String> bad = new ArrayList<>();
    private int count;
    private int number;

    Portion(LearnerRecipe recipe) {
      side = recipe.imageSize();
      bytes = 3 * side * side;
      classes = recipe.classes();
      pixels = new byte[PORTION * bytes];
    }

    void add(Row row) {
      String name = row.getString(0);
      int label = row.isNullAt(1) ? -1 : classes.indexOf(row.getString(1));
      if (label < 0 || row.isNullAt(2)) {
        bad.add(name + ": it has no " + (label < 0 ? "label" : "content"));
        return;
      }
      try {
        byte[] content = (byte[]) row.get(2);
        ImageDecoder.decode(content, name, side, pixels, count * bytes);
        labels[count++] = label;
      } catch (ImageException e) {
        bad.add(String.valueOf(e.getMessage()));
      }
    }

    int learn(ContinualLearner learner) {
      int learned = count;
      if (learned > 0) {
        learner.learn(
            new InMemoryImageSet(
                "portion " + number++ + " of partition " + TaskContext.getPartitionId(),
                side,
                side,
                classes,
                Arrays.copyOf(labels, learned),
                Arrays.copyOf(pixels, learned * bytes)));
      }
      count = 0;
      return learned;
    }
  }
}
