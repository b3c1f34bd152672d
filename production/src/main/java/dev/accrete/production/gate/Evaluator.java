package dev.accrete.production.gate;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.nn.Model;
import dev.accrete.nn.Predictor;
import dev.accrete.production.gate.Selection.Chosen;
import dev.accrete.production.page.Pictures;
import dev.accrete.production.policy.GatePolicy;
import dev.accrete.production.policy.Policy;
import dev.accrete.production.store.Evaluation;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.StoredImage;
import dev.accrete.production.store.StoredImages;
import dev.accrete.production.store.Version;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/** Judges a version of a store: asks both models, tries the candidate, records what came of it. */
public final class Evaluator {
  private static final String VERDICT = "verdict.json";
  private static final int TOGETHER = 64;
  private static final int THUMBNAIL = 96;
  private static final Set<String> OWN = Set.of(Scored.CLASS, Scored.SET, "day", "subject");

  private final Store store;
  private final Policy policy;
  private final Backend backend;
  private final Launch launch;
  private final ProgressListener progress;
  private final Clock clock;

  /**
   * By a policy.
   *
   * @param launch how the candidate is tried in a process of its own
   * @param progress counts images asked about
   */
  public Evaluator(
      Store store, Policy policy, Backend backend, Launch launch, ProgressListener progress) {
    this.store = store;
    this.policy = policy;
    this.backend = backend;
    this.launch = launch;
    this.progress = progress;
    clock = Clock.systemUTC();
  }

  /**
   * Compares a version with the champion, if there is one, and records the verdict.
   *
   * @throws AccreteException if the version is the champion or the same model, is not kept, or the
   *     policy judges what is not there; nothing is recorded then
   */
  public Evaluated evaluate(int candidate) {
    Version version = store.version(candidate);
    OptionalInt championId = store.aliases().champion();
    Optional<Version> champion =
        championId.isPresent()
            ? Optional.of(store.version(championId.getAsInt()))
            : Optional.empty();
    champion.ifPresent(
        other -> Trial.requireDifferent(contender(version, Set.of()), contender(other, Set.of())));
    try (StoredImages regression = store.regressionSet()) {
      GatePolicy gate = policy.gate();
      List<Chosen> chosen =
          Selection.choose(
              store, regression, candidate, championId, gate.maxImages(), gate.minImages());
      return evaluate(version, champion, regression, chosen);
    }
  }

  private Evaluated evaluate(
      Version version, Optional<Version> champion, StoredImages regression, List<Chosen> chosen) {
    Path file = store.modelFile(version.id());
    Asking asking = new Asking(regression, chosen);
    Optional<Asked> before = champion.map(other -> asking.of(other, store.model(other.id())));
    Asked after = asking.of(version, Model.load(file));
    List<Scored> images = new ArrayList<>();
    for (int i = 0; i < chosen.size(); i++) {
      StoredImage image = chosen.get(i).image();
      int row = i;
      images.add(
          new Scored(
              image.sha256(),
              image.label(),
              chosen.get(i).part(),
              features(image),
              after.answers.get(i),
              before.map(asked -> asked.answers.get(row))));
    }
    Trial trial =
        new Trial(after.contender, before.map(asked -> asked.contender), images, Set.of());
    Verdict verdict = Gate.judge(trial, policy).with(tried(file, regression, chosen));
    return record(version, champion, verdict, regression, chosen);
  }

  /** What happens in a process of its own; without an image there is nothing to ask. */
  private List<Finding> tried(Path file, StoredImages regression, List<Chosen> chosen) {
    int rows = Math.min(policy.gate().queryImages(), chosen.size());
    if (rows == 0 || !policy.gate().loadAndQuery()) {
      return rows == 0 ? List.of() : List.of(LoadAndQuery.notWanted());
    }
    int bytes = 3 * regression.height() * regression.width();
    byte[] pixels = new byte[rows * bytes];
    for (int row = 0; row < rows; row++) {
      regression.read(chosen.get(row).index(), pixels, row * bytes);
    }
    Samples samples;
    try (Predictor predictor = Model.load(file).open(backend)) {
      samples = Samples.of(predictor, pixels, rows);
    }
    return LoadAndQuery.check(file, samples, policy.gate(), launch);
  }

  private Evaluated record(
      Version version,
      Optional<Version> champion,
      Verdict verdict,
      StoredImages regression,
      List<Chosen> chosen) {
    Map<String, Integer> places = new HashMap<>();
    chosen.forEach(c -> places.put(c.image().sha256(), c.index()));
    String page =
        Card.html(
            verdict,
            image ->
                Optional.ofNullable(places.get(image)).map(index -> picture(regression, index)));
    Path card = attach(version, Card.FILE, page);
    attach(version, VERDICT, verdict.toJson());
    long id =
        store.recordEvaluation(
            new Evaluation(
                0,
                version.id(),
                champion.map(other -> OptionalInt.of(other.id())).orElse(OptionalInt.empty()),
                clock.instant(),
                verdict.blessed(),
                verdict.findingsJson(),
                verdict.metricsJson()));
    return new Evaluated(id, verdict, card);
  }

  private Path attach(Version version, String name, String text) {
    return store.attach(version.id(), name, text.getBytes(StandardCharsets.UTF_8));
  }

  private static String picture(StoredImages images, int index) {
    byte[] pixels = new byte[3 * images.height() * images.width()];
    images.read(index, pixels, 0);
    return Pictures.dataUri(pixels, images.height(), THUMBNAIL);
  }

  private static Contender contender(Version version, Set<String> classes) {
    return new Contender(Integer.toString(version.id()), version.modelDigest(), classes);
  }

  /** What slices may name; a column of a CSV file that is called like one of ours gets a prefix. */
  private static Map<String, String> features(StoredImage image) {
    Map<String, String> features = new HashMap<>();
    features.put("day", image.day());
    image.subject().ifPresent(subject -> features.put("subject", subject));
    image
        .metadata()
        .forEach((name, value) -> features.put(OWN.contains(name) ? "csv." + name : name, value));
    return features;
  }

  /** A model's answers in the order of the chosen images. */
  private record Asked(Contender contender, List<Answer> answers) {}

  /** Asks models about the chosen images, and keeps what they answer. */
  private final class Asking {
    private final StoredImages images;
    private final List<Chosen> chosen;

    Asking(StoredImages images, List<Chosen> chosen) {
      this.images = images;
      this.chosen = chosen;
    }

    Asked of(Version version, Model model) {
      if (model.network().height() != images.height()
          || model.network().width() != images.width()) {
        throw new AccreteException(
            "the model of version "
                + version.id()
                + " reads images of "
                + model.network().height()
                + " pixels, the store holds them at "
                + images.height());
      }
      AnswerFile known =
          AnswerFile.read(
              store.attachment(version.id(), AnswerFile.NAME),
              version.modelDigest() + " " + backend.name());
      Answer[] answers = new Answer[chosen.size()];
      List<Integer> open = new ArrayList<>();
      for (int i = 0; i < answers.length; i++) {
        StoredImage image = chosen.get(i).image();
        Optional<Answer> before = known.to(image.sha256(), image.label());
        if (before.isPresent()) {
          answers[i] = before.get();
        } else {
          open.add(i);
        }
      }
      if (!open.isEmpty()) {
        ask(model, open, answers);
        AnswerFile all = AnswerFile.empty(known.source());
        for (int i = 0; i < answers.length; i++) {
          StoredImage image = chosen.get(i).image();
          all.put(image.sha256(), image.label(), answers[i]);
        }
        store.attach(version.id(), AnswerFile.NAME, all.bytes());
      }
      return new Asked(contender(version, new TreeSet<>(model.classes())), List.of(answers));
    }

    private void ask(Model model, List<Integer> open, Answer[] answers) {
      int bytes = 3 * images.height() * images.width();
      byte[] pixels = new byte[TOGETHER * bytes];
      int classes = model.classes().size();
      try (Predictor predictor = model.open(backend, TOGETHER)) {
        for (int from = 0; from < open.size(); from += TOGETHER) {
          List<Integer> some = open.subList(from, Math.min(open.size(), from + TOGETHER));
          for (int row = 0; row < some.size(); row++) {
            images.read(chosen.get(some.get(row)).index(), pixels, row * bytes);
          }
          double[] probabilities = predictor.probabilities(pixels, some.size());
          for (int row = 0; row < some.size(); row++) {
            double[] own = Arrays.copyOfRange(probabilities, row * classes, (row + 1) * classes);
            String truth = chosen.get(some.get(row)).image().label();
            answers[some.get(row)] = Answer.of(model.classes(), own, truth);
          }
          progress.progress(from + some.size(), open.size());
        }
      }
    }
  }
}
