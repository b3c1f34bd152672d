package dev.accrete.production.daily;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.cl.learner.LearnerConfig;
import dev.accrete.cl.run.InputLoader;
import dev.accrete.cl.run.RunConfig;
import dev.accrete.cl.run.RunInputs;
import dev.accrete.cl.scenario.Batch;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backends;
import dev.accrete.core.Rng;
import dev.accrete.nn.Predictor;
import dev.accrete.production.drift.DriftMonitor;
import dev.accrete.production.gate.Evaluator;
import dev.accrete.production.gate.Launch;
import dev.accrete.production.policy.Policy;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.StoreConfig;
import dev.accrete.production.store.Version;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Plays the days of NICv2 on the simulated CORe50 through a real store, as an evening's images come
 * to it: encoded files with labels, one day after another. What the champion answers on test images
 * of other sessions is measured beside it, and what re-training every night would have cost.
 *
 * <p>Resumable: days that are in {@code story.jsonl} are over.
 */
public final class Simulation {
  static final String DAYS = "story.jsonl";
  private static final String STORE = "store";
  private static final int PLANES = 3;
  private static final int TEST_ROWS = 64;
  private static final int MEASURED_IMAGES = 384;
  private static final long NOISE = 0x4E4FL << 48;

  private final SimulationOptions options;
  private final Path folder;
  private final Consumer<StoryDay> listener;
  private final CpuClock clock = new CpuClock();

  /**
   * A simulation.
   *
   * @param folder of the store and the story
   * @param listener hears of every day when it is over
   */
  public Simulation(SimulationOptions options, Path folder, Consumer<StoryDay> listener) {
    this.options = options;
    this.folder = folder;
    this.listener = listener;
  }

  /**
   * Plays all days that are left.
   *
   * @param backend a name of {@link dev.accrete.core.Backends}
   * @param images gives, for the name of an image set, who hears how far its rendering is
   * @return all days
   * @throws AccreteException if something else is in the folder, or a day cannot be played
   */
  public List<StoryDay> run(
      String backend, int threads, Function<String, ProgressListener> images) {
    makeFolder();
    StoryFile file = new StoryFile(folder.resolve(DAYS));
    List<StoryDay> days = new ArrayList<>(file.read());
    try (RunInputs inputs = new InputLoader(options.stream(backend, threads), images).load();
        Store store = store()) {
      RetrainMeter meter = null;
      for (int day = days.size(); day < inputs.scenario().batches().size(); day++) {
        if (meter == null) {
          meter = meter(inputs, store.learnerConfig());
        }
        StoryDay played = play(day, inputs, store, meter, days);
        days.add(played);
        file.add(played);
        listener.accept(played);
      }
    }
    return List.copyOf(days);
  }

  /**
   * Writes the days as folders of images, as a team would post them: an inbox for {@code daily}.
   *
   * @param inbox a new folder
   * @throws IOException if it cannot be written
   */
  public static void writeInbox(
      SimulationOptions options, Path inbox, Function<String, ProgressListener> images)
      throws IOException {
    Simulation simulation = new Simulation(options, inbox, day -> {});
    RunConfig stream = options.stream(Backends.AUTO, 1);
    try (RunInputs inputs = new InputLoader(stream, images).load()) {
      List<Batch> batches = inputs.scenario().batches();
      for (int day = 0; day < batches.size(); day++) {
        simulation.delivery(day, inputs.train(), batches.get(day)).write(inbox);
      }
    }
  }

  private void makeFolder() {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new AccreteException("cannot make the folder " + folder + ": " + e, e);
    }
  }

  private Store store() {
    Path place = folder.resolve(STORE);
    if (Files.exists(place)) {
      return Store.open(place);
    }
    Path policy = folder.resolve(Policy.FILE);
    options.policy().write(policy);
    return Store.init(place, StoreConfig.of(options.learner()).withPolicy(policy));
  }

  private RetrainMeter meter(RunInputs inputs, LearnerConfig config) {
    int[] some =
        inputs.scenario().batches().stream()
            .flatMapToInt(batch -> java.util.Arrays.stream(batch.images()))
            .limit(MEASURED_IMAGES)
            .toArray();
    return RetrainMeter.measure(
        config, inputs.train().subset(some), SimulationOptions.ALL_DAYS, inputs.backend(), clock);
  }

  private StoryDay play(
      int day, RunInputs inputs, Store store, RetrainMeter meter, List<StoryDay> before) {
    Batch batch = inputs.scenario().batches().get(day);
    Delivery delivery = delivery(day, inputs.train(), batch);
    Evaluator gate =
        new Evaluator(
            store,
            store.policy(),
            inputs.backend(),
            Launch.in(store.folder().resolve("tmp")).on(inputs.backend().name()),
            ProgressListener.NONE);
    DailyLoop loop =
        new DailyLoop(
            store,
            inputs.backend(),
            (where, candidate) -> gate.evaluate(candidate).verdict(),
            new DriftMonitor(store, store.policy().ingest(), inputs.backend()),
            ProgressListener.NONE);
    double cpu = clock.seconds();
    long began = System.nanoTime();
    Annotator annotator = new Annotator(store, inputs.backend());
    if (options.review()) {
      annotator.correct(delivery);
    }
    DayOutcome outcome = loop.run(delivery.source(), Delivery.OPTIONS);
    if (options.retrainEvery() > 0 && (day + 1) % options.retrainEvery() == 0) {
      loop.retrain();
    }
    double wall = (System.nanoTime() - began) / 1e9;
    double spent = clock.seconds() - cpu;
    OptionalInt champion = store.aliases().champion();
    int received =
        (before.isEmpty() ? 0 : before.getLast().received()) + outcome.images() + outcome.heldOut();
    boolean tested =
        day == 0
            || (day + 1) % options.testEvery() == 0
            || day == inputs.scenario().batches().size() - 1;
    long pixels = (long) PLANES * inputs.train().height() * inputs.train().width();
    long passes = meter.passes(day, received);
    return new StoryDay(
        day + 1,
        outcome,
        champion.isPresent() ? store.version(champion.getAsInt()).images() : 0,
        received,
        tested && champion.isPresent()
            ? OptionalDouble.of(accuracy(store, champion.getAsInt(), inputs))
            : OptionalDouble.empty(),
        annotator.looked(),
        annotator.corrected(),
        macs(store, before),
        spent,
        wall,
        size(store.folder()),
        learnerBytes(store, champion) + outcome.images() * pixels,
        meter.epochs(day),
        Math.round(meter.macs() * passes),
        meter.cpuSeconds() * passes,
        received * pixels);
  }

  /** Multiply-accumulates of the versions that came since the day before. */
  private static long macs(Store store, List<StoryDay> before) {
    long all = store.versions().stream().mapToLong(version -> version.cost().macs()).sum();
    return all - StoryDay.Sums.of(before).macs();
  }

  private static long learnerBytes(Store store, OptionalInt champion) {
    if (champion.isEmpty()) {
      return 0;
    }
    Version version = store.version(champion.getAsInt());
    return size(store.modelFile(version.id()).resolveSibling("learner"));
  }

  private Delivery delivery(int day, ImageSet train, Batch batch) {
    Rng rng = Rng.of(options.seed(), NOISE | day);
    int classes = train.classNames().size();
    Delivery delivery = new Delivery(String.format(Locale.ROOT, "day-%03d", day + 1), train);
    for (int index : batch.images()) {
      delivery.put(index, given(train.label(index), classes, rng));
    }
    return delivery;
  }

  /** The label that an image arrives with. */
  private int given(int label, int classes, Rng rng) {
    if (options.noise() == 0 || rng.nextDouble() >= options.noise()) {
      return label;
    }
    int step = options.asymmetric() ? 1 : 1 + rng.nextInt(classes - 1);
    return (label + step) % classes;
  }

  private static double accuracy(Store store, int version, RunInputs inputs) {
    int[] test = inputs.scenario().test();
    ImageSet images = inputs.test();
    int bytes = PLANES * images.height() * images.width();
    byte[] pixels = new byte[TEST_ROWS * bytes];
    int right = 0;
    try (Predictor predictor = store.model(version).open(inputs.backend(), TEST_ROWS)) {
      List<String> classes = predictor.model().classes();
      for (int from = 0; from < test.length; from += TEST_ROWS) {
        int rows = Math.min(TEST_ROWS, test.length - from);
        for (int row = 0; row < rows; row++) {
          images.read(test[from + row], pixels, row * bytes);
        }
        double[] probabilities = predictor.probabilities(pixels, rows);
        for (int row = 0; row < rows; row++) {
          String answer = classes.get(best(probabilities, row * classes.size(), classes.size()));
          if (answer.equals(images.classNames().get(images.label(test[from + row])))) {
            right++;
          }
        }
      }
    }
    return (double) right / test.length;
  }

  private static int best(double[] probabilities, int from, int classes) {
    int best = 0;
    for (int k = 1; k < classes; k++) {
      if (probabilities[from + k] > probabilities[from + best]) {
        best = k;
      }
    }
    return best;
  }

  /** Bytes of all files under a folder, one with several names counted once. */
  private static long size(Path root) {
    Set<Object> seen = new HashSet<>();
    long[] sum = new long[1];
    try {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              Object key = attributes.fileKey();
              if (key == null || seen.add(key)) {
                sum[0] += attributes.size();
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              return FileVisitResult.CONTINUE; // removed meanwhile, as a journal is
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look through " + root, e);
    }
    return sum[0];
  }
}
