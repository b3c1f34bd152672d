package dev.accrete.production.store;

import dev.accrete.cl.data.DataException;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.cl.learner.LearnerConfig;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.nn.Model;
import dev.accrete.production.ingest.IngestOptions;
import dev.accrete.production.ingest.Source;
import dev.accrete.production.policy.Policy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A model in production with everything that it comes from: originals, pixels, numbered versions,
 * and who moved which alias when and why.
 *
 * <p>Safe for use by several threads and several processes. What takes long (a day, a version, a
 * removal) is done by one at a time, others wait a while and are then refused; promotions,
 * rollbacks, predictions and feedback are transactions of their own and go on meanwhile. A process
 * killed at any moment leaves the store as it was before the operation, or after it.
 */
public final class Store implements AutoCloseable {
  private final Core core;

  Store(Core core) {
    this.core = core;
  }

  /**
   * Makes a store in a new or empty folder.
   *
   * @throws AccreteException if there is something else in it, it cannot be written, or the policy
   *     is not sound
   */
  public static Store init(Path folder, StoreConfig config) {
    StoreLimits limits = StoreLimits.of(Policy.read(config.policy()));
    return StoreFolder.init(folder, config, limits, Probe.NONE, Clock.systemUTC());
  }

  /**
   * Opens a store with the limits of its policy.
   *
   * @throws AccreteException if there is none, it is damaged, or its policy is not sound
   */
  public static Store open(Path folder) {
    Path policy = new Home(folder).policy();
    return open(
        folder, StoreLimits.of(Policy.read(Optional.of(policy).filter(Files::isRegularFile))));
  }

  /**
   * Opens a store.
   *
   * @throws AccreteException if there is none, or it is damaged
   */
  public static Store open(Path folder, StoreLimits limits) {
    return StoreFolder.open(folder, limits, Probe.NONE, Clock.systemUTC());
  }

  /** The folder that it lies in. */
  public Path folder() {
    return core.home().root();
  }

  /**
   * The policy as it is now; the default one if its file was removed.
   *
   * @throws AccreteException if it is not sound
   */
  public Policy policy() {
    return Policy.read(policyFile());
  }

  /** The file of the policy, if it is there. */
  public Optional<Path> policyFile() {
    return Files.exists(core.home().policy())
        ? Optional.of(core.home().policy())
        : Optional.empty();
  }

  /** What decides how this store learns. */
  public LearnerConfig learnerConfig() {
    return core.learner();
  }

  /** What it keeps and lets in. */
  public StoreLimits limits() {
    return core.limits();
  }

  /** The names of all classes by their id in this store; ids never change. */
  public List<String> classes() {
    return core.database().read(Core::classNames);
  }

  /** The classes that were not forgotten, with their images, in the order of arrival. */
  public List<ClassCount> classCounts() {
    return core.database().read(Tables::classCounts);
  }

  /** How many subjects the images that are kept show. */
  public int subjects() {
    return core.database()
        .read(
            session ->
                (int)
                    session.number(
                        "SELECT count(DISTINCT subject) FROM images WHERE state = 'kept'"));
  }

  /** All days in order of arrival. */
  public List<Day> days() {
    return core.database().read(Tables::days);
  }

  /** Days that updates leave out, because what was made of them was not good enough. */
  public List<LeftOut> leftOut() {
    return core.database().read(LeftOut::all);
  }

  /** The day of this name. */
  public Optional<Day> day(String name) {
    return core.database().read(session -> Tables.day(session, name));
  }

  /**
   * What was set aside of a day.
   *
   * @throws AccreteException if there is no such day
   */
  public List<Quarantined> quarantine(String day) {
    return core.database()
        .read(session -> Tables.quarantine(session, requireDay(session, day).id()));
  }

  /** Which versions are champion, candidate and previous. */
  public Aliases aliases() {
    return core.database().read(Tables::aliases);
  }

  /**
   * A version.
   *
   * @throws AccreteException if there is none of this number
   */
  public Version version(int id) {
    return core.database().read(session -> Promoting.require(session, id));
  }

  /**
   * Names of the days that a version knows, its ancestors' included if it went on from them.
   *
   * @throws AccreteException if there is no such version
   */
  public Set<String> days(int version) {
    return core.database()
        .read(
            session -> {
              Promoting.require(session, version);
              Set<Integer> known = Knowledge.of(session, version).days();
              return Tables.days(session).stream()
                  .filter(day -> known.contains(day.id()))
                  .map(Day::name)
                  .collect(Collectors.toCollection(LinkedHashSet::new));
            });
  }

  /** All versions, the first one first. */
  public List<Version> versions() {
    return core.database().read(Tables::versions);
  }

  /**
   * The model of a version.
   *
   * @throws AccreteException if there is none, or it is not kept any more
   */
  public Model model(int version) {
    return Model.load(modelFile(version));
  }

  /**
   * The file of a version's model.
   *
   * @throws AccreteException if there is none, or it is not kept any more
   */
  public Path modelFile(int version) {
    Version found = version(version);
    if (found.model() != Kept.KEPT) {
      throw new AccreteException(
          "the model of version "
              + version
              + " is not there any more ("
              + found.model().text()
              + "): name a later version");
    }
    return core.home().model(version);
  }

  /** Every movement of an alias, the first one first. */
  public List<LedgerEntry> ledger() {
    return core.database().read(Tables::ledger);
  }

  /**
   * Takes a day in. The same day with the same content changes nothing; one of the same name with
   * other content replaces the old one.
   *
   * @return what became of it, also if it is refused
   * @throws DataException if the source cannot be read as a whole; nothing has changed then
   * @throws AccreteException if the store cannot do it, as when the disk is full; likewise
   */
  public DayReport ingest(Source source, IngestOptions options, ProgressListener progress) {
    return ingest(source, options, DayCheck.NONE, progress);
  }

  /**
   * The same with a look at the day as a whole, which may refuse it.
   *
   * @param check is asked while nobody else can change the store's files; it may read the store
   */
  public DayReport ingest(
      Source source, IngestOptions options, DayCheck check, ProgressListener progress) {
    return new Ingestion(core, options, check, progress).ingest(source);
  }

  /** The file of what a {@link DayCheck} wanted to remember of the days that are in. */
  public Optional<Path> checkMemory() {
    return core.database().read(CheckMemory::path).map(core.home().root()::resolve);
  }

  /**
   * Learns what came in since the champion, and makes the result the candidate.
   *
   * @return nothing if nothing came in
   */
  public Optional<Version> update(Backend backend, ProgressListener progress) {
    return update(backend, UpdateOptions.by("update"), progress);
  }

  /** The same with options. */
  public Optional<Version> update(
      Backend backend, UpdateOptions options, ProgressListener progress) {
    return new Updating(core, options).update(backend, progress);
  }

  /**
   * Lets a fresh learner learn everything that is kept, and makes the result the candidate.
   *
   * @param together whether it learns everything at once, as re-training does, instead of day by
   *     day in order
   * @return nothing if nothing is kept
   */
  public Optional<Version> retrain(
      Backend backend, boolean together, UpdateOptions options, ProgressListener progress) {
    return new Updating(core, options.as(VersionKind.RETRAIN)).retrain(together, backend, progress);
  }

  /**
   * Puts a version into production.
   *
   * @throws AccreteException if it is there already, its model is not kept, or it was not blessed
   *     in comparison with the present champion and nobody forces it with a reason
   */
  public Aliases promote(int version, Promotion promotion) {
    return new Promoting(core).promote(version, promotion);
  }

  /**
   * Takes the champion out of production. Days that only it knew are left out by the next updates.
   *
   * @param to the version to go back to; {@code previous} if none is named
   * @throws AccreteException if there is none, or its model is not kept any more
   */
  public Aliases rollback(OptionalInt to, String actor, String reason) {
    return new Promoting(core).rollback(to, actor, reason);
  }

  /** The images that are never learned, of all days. */
  public StoredImages regressionSet() {
    return images("regression set", "WHERE i.state = 'kept' AND i.split = 'regression'");
  }

  /** All images that are kept, of all days. */
  public StoredImages images() {
    return images("all images", "WHERE i.state = 'kept'");
  }

  /**
   * The images of a day that are never learned.
   *
   * @throws AccreteException if there is no such day
   */
  public StoredImages heldOut(String day) {
    return ofDay(day, "regression");
  }

  /**
   * The images of a day that are learned.
   *
   * @throws AccreteException if there is no such day
   */
  public StoredImages trainingImages(String day) {
    return ofDay(day, "train");
  }

  /**
   * Some images that are learned, of all days: as if drawn at random, and mostly the same from day
   * to day.
   *
   * @param count how many at most
   */
  public StoredImages reference(int count) {
    return images(
        "reference",
        "WHERE i.id IN (SELECT id FROM images WHERE state = 'kept' AND split = 'train' ORDER BY"
            + " sha256 LIMIT ?)",
        count);
  }

  private StoredImages ofDay(String day, String split) {
    core.database().read(session -> requireDay(session, day));
    return images(day, "WHERE i.state = 'kept' AND i.split = ? AND d.name = ?", split, day);
  }

  private StoredImages images(String name, String where, Object... values) {
    return core.database()
        .read(
            session -> {
              List<StoredImages.Entry> entries = Tables.entries(core, session, where, values);
              return new StoredImages(
                  name, core.learner().imageSize(), Core.classNames(session), entries);
            });
  }

  private static Day requireDay(Session session, String name) throws SQLException {
    return Tables.day(session, name)
        .orElseThrow(() -> new AccreteException("there is no day '" + name + "' in this store"));
  }

  /**
   * The original of an image, as it was received.
   *
   * @throws AccreteException if it is not kept
   */
  public Path original(String sha256) {
    Path file = core.home().blob(sha256);
    if (!Files.isRegularFile(file)) {
      throw new AccreteException("there is no image " + sha256 + " in this store");
    }
    return file;
  }

  /**
   * Notes what a gate found; a version that is not blessed has its days left out by the next
   * updates.
   *
   * @return the evaluation's id
   * @throws AccreteException if a version does not exist, or is compared with itself
   */
  public long recordEvaluation(Evaluation evaluation) {
    return core.database().write(session -> Evaluations.insert(session, evaluation));
  }

  /** What gates found of a version, the latest first. */
  public List<Evaluation> evaluations(int candidate) {
    return core.database().read(session -> Evaluations.of(session, candidate));
  }

  /** Notes an answer that was given. */
  public void recordPrediction(PredictionRecord prediction) {
    recordPredictions(List.of(prediction));
  }

  /**
   * Notes answers that were given, in one transaction.
   *
   * @throws AccreteException if one has an id that is taken, or a version that does not exist
   */
  public void recordPredictions(List<PredictionRecord> predictions) {
    predictions.forEach(p -> Json.require(p.detail(), "the detail of a prediction"));
    core.database().write(session -> Served.insert(core, session, predictions));
  }

  /**
   * Keeps images that predictions will name, until {@link #recordPredictions} or for an hour.
   *
   * @param images their files' bytes
   * @return their digests
   */
  public List<String> keepImages(List<byte[]> images) {
    return Served.keep(core, images);
  }

  /** The answer of this id. */
  public Optional<PredictionRecord> prediction(String id) {
    return core.database().read(session -> Served.prediction(session, id));
  }

  /**
   * Answers that were given from a moment on and of which nobody has said what is right, the latest
   * first.
   *
   * @param most how many at most
   */
  public List<PredictionRecord> unconfirmedSince(Instant at, int most) {
    return core.database().read(session -> Served.unconfirmed(session, at.toString(), most));
  }

  /**
   * Notes what an image really shows, at any later time.
   *
   * @throws AccreteException if there is no such prediction
   */
  public void recordFeedback(Feedback feedback) {
    core.database()
        .write(
            session -> {
              if (session.number(
                      "SELECT count(*) FROM predictions WHERE id = ?", feedback.prediction())
                  == 0) {
                throw new AccreteException("there is no prediction " + feedback.prediction());
              }
              return session.execute(
                  "INSERT INTO feedback (prediction, label, at, who) VALUES (?, ?, ?, ?)",
                  feedback.prediction(),
                  feedback.label(),
                  feedback.at().toString(),
                  feedback.who());
            });
  }

  /**
   * Notes what images really show, in one transaction; remarks on answers that do not exist are
   * left out.
   *
   * @return for each remark the class that had been answered; nothing if there is no such answer
   */
  public List<Optional<String>> recordFeedback(List<Feedback> remarks) {
    return core.database().write(session -> Afterwards.told(session, remarks));
  }

  /** Notes what other versions would have answered, in one transaction. */
  public void recordShadows(List<ShadowRecord> shadows) {
    core.database().write(session -> Afterwards.shadowed(session, shadows));
  }

  /**
   * Whether there is anything of a subject that is not forgotten: images, also such as were set
   * aside, or answers whose detail names it ({@code {"subject": ...}}).
   */
  public boolean knowsSubject(String subject) {
    return core.database().read(session -> Afterwards.knows(session, subject));
  }

  /**
   * Lets go of the images of answers that were given before a moment and of which nobody has said
   * what is right; {@link #gc} removes the files.
   *
   * @return how many images
   */
  public int releaseImages(Instant before) {
    return core.database().write(session -> Afterwards.release(core, session, before));
  }

  /** What is known of an answer's truth, the first remark first. */
  public List<Feedback> feedback(String prediction) {
    return core.database().read(session -> Served.feedback(session, prediction));
  }

  /** All that was said of answers from a moment on, in the order in which it came. */
  public List<Feedback> feedbackSince(Instant at) {
    return core.database().read(session -> Served.feedbackSince(session, at.toString()));
  }

  /** How many labels that came for answers are in no day yet. */
  public Waiting waitingFeedback() {
    return core.database().read(FeedbackDay::waiting);
  }

  /**
   * The labels that came for answers as days to be taken in by {@link #ingest}, once each: one of
   * today for answers that are in no day yet, and days in which an answer has another label since,
   * or whose class is known since. The last label of an answer counts. Days that came in and were
   * not learned, because a process was interrupted, are among them.
   *
   * @param newClasses whether they are taken in with labels that become classes
   * @return none if there is nothing to do
   */
  public List<Source> feedbackDays(boolean newClasses) {
    return FeedbackDay.all(core, newClasses);
  }

  /**
   * Keeps a page or table about a version, beside its model; another of that name is replaced.
   *
   * @param name letters, digits, dots and hyphens
   * @return where it is
   * @throws AccreteException if the version's files were removed
   */
  public Path attach(int version, String name, byte[] content) {
    return Attachments.write(core, version, name, content);
  }

  /** A page or table that was attached to a version, if it is there. */
  public Optional<Path> attachment(int version, String name) {
    return Optional.of(Attachments.file(core, version, name)).filter(Files::isRegularFile);
  }

  /**
   * Forgets images: originals, pixels, rows, answers that were given for them, pages that may show
   * them, and every version that knew them, also of days that were corrected or blocked since. If
   * the champion knew them, one is made without them and replaces it; that is forced, and stands in
   * the ledger. A learner whose knowledge is a sum has them taken out; any other is made anew from
   * what is kept. Where they were taken out, the temperature of the model is fitted on images of
   * the regression set (it stays 1 where those are fewer than 16), until a day is learned: what the
   * learner had measured of it told of the images too. Aggregates over more images than these, such
   * as the accuracy in an evaluation, stay.
   *
   * @throws AccreteException if there is no such image
   */
  public ForgetReport forget(
      ForgetRequest request,
      Backend backend,
      Consumer<UpdatePlan> announced,
      ProgressListener progress) {
    return new Forgetting(core, request, announced).forget(backend, progress);
  }

  /** What is left of all that was forgotten. */
  public List<Tombstone> tombstones() {
    return core.database()
        .read(
            session ->
                session.all(
                    "SELECT id, at, certificate FROM tombstones ORDER BY id", Erasure::tombstone));
  }

  /** Looks whether every row has its file, with the right content, and every file its row. */
  public CheckReport check(ProgressListener progress) {
    return new Checking(core, progress).check();
  }

  /** Removes what the limits do not keep, and what killed processes have left. */
  public GcReport gc() {
    return new Collecting(core).collect();
  }

  /** Closes the database. */
  @Override
  public void close() {
    core.database().close();
  }
}
