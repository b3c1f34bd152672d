package dev.accrete.spark;

import dev.accrete.cl.learner.ContinualLearner;
import dev.accrete.cl.learner.LearnedPart;
import dev.accrete.cl.learner.LearnerConfig;
import dev.accrete.cl.run.FolderLock;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Learns images wherever they are: every partition decodes its own, runs the frozen layers and adds
 * up its statistics; a tree of merges adds up those of all. The sums, and so the scores, are those
 * of one machine, to rounding, however the images are spread. A task that is computed again counts
 * once, for only results are merged.
 *
 * <p>A model's temperature is fitted on images from before they were learned, a sample that does
 * depend on how the images are spread. It changes how sure a model is, and no answer.
 */
public final class DistributedLearning {
  /** What predicts with what was learned, in the learner's folder. */
  public static final String MODEL = "model.safetensors";

  private static final String LOCK = "learner.lock";
  private static final int DEPTH = 2;

  private DistributedLearning() {}

  /**
   * What was learned.
   *
   * @param images how many
   * @param bad how many were left out: they could not be decoded, or have no label
   * @param remarks why, for the first 100 of them
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
   * Learns images into a learner's folder, and makes it if it is not there; {@value #MODEL} in it
   * is the model afterwards. Every partition is learned apart: there should be some for each core,
   * but no thousands.
   *
   * @param images see {@link LabelledFiles}; none that the learner knows already
   * @param config of a new learner; one that is there keeps its own
   * @param backend a name of {@link dev.accrete.core.Backends}, on the driver and in every executor
   * @throws AccreteException if the strategy's knowledge is no sum, an image was learned before, or
   *     none can be decoded; the folder is as it was then
   */
  public static Outcome learn(
      Dataset<Row> images, Path folder, LearnerConfig config, String backend) {
    Dataset<Row> files = LabelledFiles.require(images, "the data set");
    Engine engine = Engine.of(images.sparkSession(), backend);
    boolean known = ContinualLearner.exists(folder);
    try (ContinualLearner learner =
        known
            ? ContinualLearner.load(folder, engine.backend())
            : ContinualLearner.create(config, engine.backend())) {
      requireSum(learner);
      boolean made = !Files.exists(folder);
      makeFolder(folder);
      try (FolderLock lock = FolderLock.of(folder, LOCK)) {
        try {
          return learn(files, learner, folder, engine);
        } catch (RuntimeException e) {
          if (made) {
            removeUnused(folder, lock);
          }
          throw e;
        }
      }
    }
  }

  private static Outcome learn(
      Dataset<Row> files, ContinualLearner learner, Path folder, Engine engine) {
    Backend backend = engine.backend();
    Partial sum =
        sum(files, ShippedLearner.of(learner.config().withClasses(List.of()), backend), engine);
    LearnedPart part =
        sum.part()
            .content()
            .orElseThrow(
                () ->
                    new AccreteException(
                        "nothing was learned: there is no image that can be decoded and has a label"
                            + (sum.remarks().isEmpty()
                                ? ""
                                : "; the first: " + sum.remarks().getFirst())));
    // What a single partition has learned has its classes in the order in which they came.
    boolean ordered = part.classes().equals(part.classes().stream().sorted().toList());
    learner.merge(ordered ? part : LearnedPart.sum(List.of(part), backend));
    // First the model, which can be made again, so that a failure leaves the images unlearned. But
    // a folder that holds anything before it holds a learner is nobody's.
    boolean first = !ContinualLearner.exists(folder);
    if (!first) {
      learner.model().save(folder.resolve(MODEL));
    }
    learner.save(folder);
    if (first) {
      learner.model().save(folder.resolve(MODEL));
    }
    return new Outcome(sum.images(), sum.bad(), sum.remarks(), learner.classes());
  }

  private static Partial sum(Dataset<Row> files, ShippedLearner begin, Engine engine) {
    Broadcast<ShippedLearner> sent =
        JavaSparkContext.fromSparkContext(files.sparkSession().sparkContext()).broadcast(begin);
    try {
      return files
          .javaRDD()
          .mapPartitions(part -> List.of(learn(part, sent.value(), engine)).iterator())
          .treeAggregate(
              Partial.empty(), (a, b) -> a.with(b, engine), (a, b) -> a.with(b, engine), DEPTH);
    } finally {
      sent.destroy();
    }
  }

  private static Partial learn(Iterator<Row> rows, ShippedLearner begin, Engine engine) {
    if (!rows.hasNext()) {
      return Partial.empty();
    }
    return begin.use(
        engine.backend(),
        learner -> {
          Portions portions = new Portions(learner, Portions.MOST);
          rows.forEachRemaining(row -> portions.add(new EncodedImage(row)));
          portions.finish();
          return Partial.of(
              portions.learned() == 0 ? ShippedPart.none() : ShippedPart.of(learner.part()),
              portions.learned(),
              portions.bad());
        });
  }

  private static void requireSum(ContinualLearner learner) {
    if (!learner.canForget()) {
      throw new AccreteException(
          "what "
              + learner.config().strategy()
              + " knows is no sum over images, so parts of them cannot be learned apart: use"
              + " analytic or slda, or learn on one machine");
    }
  }

  private static void makeFolder(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new AccreteException("cannot make the folder " + folder + ": " + e, e);
    }
  }

  /** A folder made for a learner that then could not begin. */
  private static void removeUnused(Path folder, FolderLock lock) {
    try {
      lock.remove();
      Files.deleteIfExists(folder);
    } catch (DirectoryNotEmptyException e) {
      return; // somebody else came for it, or what was begun says more than an empty folder
    } catch (IOException e) {
      System.getLogger(DistributedLearning.class.getName())
          .log(System.Logger.Level.WARNING, folder + " was left behind: " + e);
    }
  }
}
