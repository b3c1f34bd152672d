package dev.accrete.bench.teach;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.cl.learner.ContinualLearner;
import dev.accrete.cl.learner.LearnerConfig;
import dev.accrete.cl.run.InputLoader;
import dev.accrete.cl.run.RunConfig;
import dev.accrete.cl.run.RunInputs;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Rng;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.IntPredicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench teach}: recall of a class that is taught from a few images, and what it costs. */
@Command(
    name = "teach",
    description =
        "For some classes in turn: a learner that knows all images of all other classes is taught"
            + " this one from a few. How many of its test images does it recognise then, and how"
            + " many of the others does it lose?",
    showDefaultValues = true)
public final class TeachCommand implements Callable<Integer> {
  @Option(names = "--data", description = "as 'accrete run' has it; of sim every 5th frame")
  private String data = "sim";

  @Option(names = "--model", description = "what learns")
  private String model = "mobilenet-v1:0.5";

  @Option(names = "--image-size", description = "height and width of images in pixels")
  private int imageSize = 64;

  @Option(names = "--strategy", description = "one that can forget, such as analytic or slda")
  private String strategy = "analytic";

  @Option(names = "--set", paramLabel = "NAME=VALUE", description = "a setting of the strategy")
  private Map<String, String> settings = Map.of();

  @Option(names = "--images", description = "of the class that is taught")
  private int images = 10;

  @Option(names = "--classes", description = "how many are taught, spread over all")
  private int classes = 10;

  @Option(names = "--seed", description = "decides which images of a class are taught")
  private long seed;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this and stop")
  @SuppressWarnings("unused") // picocli acts on it.
  private boolean help;

  @Spec private CommandSpec spec;

  /**
   * What came of a class. Shares are of test images.
   *
   * @param name of the class
   * @param recall of it, taught from a few images
   * @param wholeRecall of it, taught from all
   * @param before share of the others that were answered right before it was taught
   * @param after the same afterwards
   * @param seconds of learning and of making a model
   */
  record Lesson(
      String name, double recall, double wholeRecall, double before, double after, double seconds) {
    String row() {
      return String.format(
          Locale.ROOT,
          "%-24s %6.1f%% %14.1f%% %10.1f%% %8.1f%% %7.2f %8.2f",
          name,
          100 * recall,
          100 * wholeRecall,
          100 * before,
          100 * after,
          100 * (after - before),
          seconds);
    }

    static Lesson mean(List<Lesson> lessons) {
      return new Lesson(
          "mean",
          mean(lessons, Lesson::recall),
          mean(lessons, Lesson::wholeRecall),
          mean(lessons, Lesson::before),
          mean(lessons, Lesson::after),
          mean(lessons, Lesson::seconds));
    }

    private static double mean(List<Lesson> lessons, ToDoubleFunction<Lesson> value) {
      return lessons.stream().mapToDouble(value).average().orElse(Double.NaN);
    }
  }

  @Override
  public Integer call() {
    RunConfig config =
        RunConfig.defaults()
            .with(
                Map.of(
                    "data", data,
                    "scenario", data.equals("sim") ? "nicv2-391" : "nicv2-79",
                    "model", model,
                    "imageSize", imageSize,
                    "framesEvery", data.equals("sim") ? 5 : 1));
    PrintWriter console = spec.commandLine().getOut();
    try (RunInputs inputs = new InputLoader(config, name -> ProgressListener.NONE).load()) {
      console.println(inputs.describe());
      console.printf(
          Locale.ROOT,
          "%-24s %7s %15s %11s %9s %7s %8s%n",
          "taught from " + images + " images",
          "recall",
          "from all images",
          "others were",
          "now",
          "points",
          "seconds");
      teach(inputs, console);
    }
    return 0;
  }

  private void teach(RunInputs inputs, PrintWriter console) {
    ImageSet train = inputs.train();
    int[] all =
        inputs.scenario().batches().stream()
            .flatMapToInt(batch -> Arrays.stream(batch.images()))
            .toArray();
    ImageSet test = inputs.test().subset(inputs.scenario().test());
    List<String> names = train.classNames();
    int taught = Math.min(classes, names.size());
    LearnerConfig config = LearnerConfig.of(model, imageSize, strategy).withSettings(settings);
    try (ContinualLearner learner = ContinualLearner.create(config, inputs.backend())) {
      learner.learn(train.subset(all));
      List<String> whole = learner.predict(test);
      List<Lesson> lessons = new ArrayList<>();
      for (int i = 0; i < taught; i++) {
        int label = (int) ((long) i * names.size() / taught);
        int[] own = IntStream.of(all).filter(image -> train.label(image) == label).toArray();
        lessons.add(lesson(learner, train, own, test, label, whole));
        console.println(lessons.getLast().row());
        console.flush();
      }
      console.println(Lesson.mean(lessons).row());
    }
  }

  /** Takes a class out, teaches it from a few images, and puts it back. */
  private Lesson lesson(
      ContinualLearner learner,
      ImageSet train,
      int[] own,
      ImageSet test,
      int label,
      List<String> whole) {
    if (own.length < images) {
      throw new AccreteException(
          "class '"
              + train.classNames().get(label)
              + "' has "
              + own.length
              + " images: give --images "
              + own.length
              + " or less");
    }
    learner.forget(train.subset(own));
    List<String> before = learner.predict(test);
    int[] order = Rng.of(seed, label).permutation(own.length);
    ImageSet few = train.subset(Arrays.stream(order).limit(images).map(i -> own[i]).toArray());
    long began = System.nanoTime();
    learner.learn(few);
    learner.model();
    double seconds = (double) (System.nanoTime() - began) / 1e9;
    List<String> after = learner.predict(test);
    learner.forget(few);
    learner.learn(train.subset(own));
    IntPredicate isNew = image -> test.label(image) == label;
    return new Lesson(
        train.classNames().get(label),
        right(test, after, isNew),
        right(test, whole, isNew),
        right(test, before, isNew.negate()),
        right(test, after, isNew.negate()),
        seconds);
  }

  private static double right(ImageSet test, List<String> answers, IntPredicate which) {
    return IntStream.range(0, test.size())
        .filter(which)
        .mapToDouble(i -> answers.get(i).equals(test.classNames().get(test.label(i))) ? 1 : 0)
        .average()
        .orElse(Double.NaN);
  }
}
