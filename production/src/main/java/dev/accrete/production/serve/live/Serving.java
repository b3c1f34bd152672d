package dev.accrete.production.serve.live;

import dev.accrete.core.AccreteException;
import dev.accrete.production.serve.metrics.Metrics;
import dev.accrete.production.serve.workshop.Aliases;
import dev.accrete.production.serve.workshop.Answer;
import dev.accrete.production.serve.workshop.Note;
import dev.accrete.production.serve.workshop.SecondOpinion;
import dev.accrete.production.serve.workshop.Workshop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One model that answers: its champion, and beside it a candidate as a shadow or a canary.
 *
 * <p>A new champion is loaded, run on grey images, and only then put in the place of the old one by
 * changing one reference; requests that began on the old one finish on it, and the last of them
 * closes it. What cannot be loaded changes nothing. The version before stays loaded, so that going
 * back to it is only a change of that reference.
 */
public final class Serving implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Serving.class);

  private final Workshop workshop;
  private final Batcher batcher;
  private final Metrics metrics;
  private final Recorder recorder;
  private final Loader loader;
  private final LongSupplier clock;
  private final String name;

  private volatile @Nullable LiveModel champion;
  private volatile @Nullable LiveModel candidate;
  private @Nullable LiveModel spare;
  private volatile Trial trial;
  private volatile @Nullable Canary canary;
  private volatile Optional<String> ended = Optional.empty();
  private Optional<Baking> baking = Optional.empty();
  private OptionalInt turnedAway = OptionalInt.empty();
  private boolean closed;

  /** A new champion that answers a share at first; the time runs from its first answer on. */
  private record Baking(int version, OptionalLong until) {
    boolean isOver(long now) {
      return until.isPresent() && now - until.getAsLong() >= 0;
    }
  }

  /** Loads nothing yet; {@link #refresh} does. */
  public Serving(
      Workshop workshop,
      Classifier.Factory factory,
      Batcher batcher,
      Metrics metrics,
      Trial trial,
      LongSupplier clock) {
    this.workshop = workshop;
    this.batcher = batcher;
    this.metrics = metrics;
    this.trial = trial;
    this.clock = clock;
    name = workshop.name();
    recorder = new Recorder(workshop, metrics);
    loader = new Loader(workshop, factory, batcher.batching().most(), metrics, clock);
  }

  /** What keeps the versions. */
  public Workshop workshop() {
    return workshop;
  }

  /** The number of the version that answers. */
  public OptionalInt version() {
    LiveModel model = champion;
    return model == null ? OptionalInt.empty() : OptionalInt.of(model.version());
  }

  /** The champion as it is loaded now. */
  public Optional<LiveModel> champion() {
    return Optional.ofNullable(champion);
  }

  /**
   * Lets the images of a request in.
   *
   * @param version which one is to answer; if empty, the champion, or a canary for it
   * @param hash decides whether a canary answers
   * @throws BusyException if too many images wait
   * @throws NoModelException if no version answers yet, or not this one
   */
  public Job begin(int images, OptionalInt version, long hash) {
    if (!batcher.admit(images)) {
      throw new BusyException(
          "more than "
              + batcher.batching().queue()
              + " images wait; try again in a moment, or start the server with a longer --queue");
    }
    boolean begun = false;
    try {
      Job job = version.isPresent() ? on(version.getAsInt(), images) : any(images, hash);
      begun = true;
      return job;
    } finally {
      if (!begun) {
        for (int i = 0; i < images; i++) {
          batcher.withdraw();
          batcher.release();
        }
      }
    }
  }

  private Job any(int images, long hash) {
    Canary trialled = canary;
    LiveModel tried = candidate;
    if (trialled != null
        && tried != null
        && tried.version() == trialled.version()
        && trialled.takes(hash)
        && tried.enter()) {
      return new Job(tried, batcher, true, images);
    }
    return new Job(enterChampion(), batcher, false, images);
  }

  private Job on(int version, int images) {
    for (LiveModel model : loaded()) {
      if (model.version() == version && model.enter()) {
        return new Job(model, batcher, false, images);
      }
    }
    throw new NoModelException(
        "version "
            + version
            + " of "
            + name
            + " is not loaded: the champion is, and the candidate while it is tried");
  }

  private List<LiveModel> loaded() {
    List<LiveModel> loaded = new ArrayList<>();
    champion().ifPresent(loaded::add);
    Optional.ofNullable(candidate).ifPresent(loaded::add);
    return loaded;
  }

  /** Whether a version can answer now. */
  public boolean isLoaded(int version) {
    return loaded().stream().anyMatch(model -> model.version() == version);
  }

  private LiveModel enterChampion() {
    while (true) {
      LiveModel model = champion;
      if (model == null) {
        throw new NoModelException(
            loader
                .failure()
                .map(failure -> name + " does not answer: " + failure.message())
                .orElse(
                    name + " has no version that answers yet: teach it a class, or promote one"));
      }
      // One that was retired in this moment lets nobody in; its successor is in its place by then.
      if (model.enter()) {
        return model;
      }
    }
  }

  /**
   * Notes what became of an image, once its job is done: for the alarms, for the workshop, and for
   * a second opinion.
   *
   * @param answer what was answered; empty if the model failed on the image
   */
  public void conclude(Job job, int index, Optional<Answer> answer) {
    // An answer by a version that was asked for says nothing about the champion.
    Canary trialled = job.canary() || job.model() == champion ? canary : null;
    if (answer.isEmpty()) {
      if (trialled != null) {
        trialled.failed(job.canary());
      }
      return;
    }
    if (trialled != null) {
      trialled.answered(job.canary(), job.nanos());
    }
    recorder.offer(answer.get());
    byte[] pixels = job.keep(index);
    Optional<LiveModel> other = second(job, answer.get().id());
    if (other.isEmpty()) {
      job.model().give(pixels);
    } else {
      ask(job, other.get(), pixels, answer.get());
    }
  }

  /** Whom else to ask about an image; entered. */
  private Optional<LiveModel> second(Job job, String id) {
    LiveModel other = job.canary() ? champion : candidate;
    boolean wanted = job.canary() || Canary.takes(id.hashCode(), trial.shadow());
    if (other == null || !wanted || other == job.model()) {
      return Optional.empty();
    }
    if (other.imageSize() != job.model().imageSize()) {
      metrics.second(name, "incomparable");
      return Optional.empty();
    }
    return other.enter() ? Optional.of(other) : Optional.empty();
  }

  private void ask(Job job, LiveModel other, byte[] pixels, Answer answer) {
    Ticket question =
        new Ticket(other, pixels, false) {
          @Override
          void answered(double[] probabilities, int from) {
            Scores scores = new Scores(probabilities, from, other.classes().size());
            int best = scores.best();
            boolean same = other.classes().get(best).equals(answer.label());
            recorder.offer(
                new SecondOpinion(
                    answer.id(),
                    other.version(),
                    other.classes().get(best),
                    scores.of(best),
                    same));
            done(same ? "agreed" : "disagreed");
            Canary trialled = canary;
            if (trialled != null) {
              trialled.compared(same);
            }
          }

          @Override
          void failed(Throwable why) {
            LOG.debug("version {} gave no second opinion", other.version(), why);
            done("failed");
          }

          private void done(String outcome) {
            metrics.second(name, outcome);
            job.model().give(pixels);
            other.leave();
          }
        };
    if (!batcher.later(question)) {
      metrics.second(name, "dropped");
      job.model().give(pixels);
      other.leave();
    }
  }

  /** Waits, but not for long, until the workshop knows the answers given so far. */
  public void flush() {
    recorder.flush(Duration.ofSeconds(5));
  }

  /**
   * Follows the workshop's aliases, and ends a canary that alarms.
   *
   * @return whether the version that answers is the champion
   */
  public boolean refresh() {
    return refresh(false);
  }

  /** The same, with a new champion that answers all at once. */
  public boolean adopt() {
    return refresh(true);
  }

  private synchronized boolean refresh(boolean atOnce) {
    if (closed) {
      return false;
    }
    Aliases aliases = workshop.aliases();
    if (aliases.champion().isPresent()) {
      followChampion(aliases.champion().getAsInt(), atOnce);
    }
    followCandidate(aliases);
    judge();
    LiveModel answering = champion;
    return answering != null && aliases.champion().equals(OptionalInt.of(answering.version()));
  }

  private void followChampion(int wanted, boolean atOnce) {
    LiveModel old = champion;
    if (old != null && old.version() == wanted) {
      baking = Optional.empty();
      turnedAway = OptionalInt.empty();
      return;
    }
    if (old != null && !atOnce && isTriedFirst(old.version(), wanted)) {
      return;
    }
    baking = Optional.empty();
    Optional<LiveModel> next = loaded(wanted);
    if (next.isEmpty()) {
      return;
    }
    champion = next.get();
    metrics.version(name, "champion", wanted);
    metrics.swap(name, "done");
    LOG.info("{}: version {} answers", name, wanted);
    if (old != null) {
      keepSpare(old);
    }
  }

  /** Whether a new champion does not answer all yet. Going back to an older one needs no trial. */
  private boolean isTriedFirst(int old, int wanted) {
    if (turnedAway.equals(OptionalInt.of(wanted))) {
      return true;
    }
    if (trial.rollout() == 0 || wanted < old) {
      return false;
    }
    if (baking.isEmpty() || baking.get().version() != wanted) {
      baking = Optional.of(new Baking(wanted, OptionalLong.empty()));
    }
    return !baking.get().isOver(clock.getAsLong());
  }

  /** A version that is in memory already, or comes into it. It has an owner: the caller. */
  private Optional<LiveModel> loaded(int wanted) {
    LiveModel kept = spare;
    if (kept != null && kept.version() == wanted) {
      spare = null;
      return Optional.of(kept);
    }
    LiveModel tried = candidate;
    if (tried != null && tried.version() == wanted) {
      candidate = null;
      stopCanary();
      metrics.version(name, "candidate", 0);
      return Optional.of(tried);
    }
    return loader.load(wanted);
  }

  private void keepSpare(@Nullable LiveModel model) {
    LiveModel old = spare;
    spare = model;
    if (old != null) {
      old.leave();
    }
  }

  private void followCandidate(Aliases aliases) {
    OptionalInt number = tried(aliases);
    LiveModel old = candidate;
    if (old != null && !number.equals(OptionalInt.of(old.version()))) {
      candidate = null;
      stopCanary();
      metrics.version(name, "candidate", 0);
      old.leave();
    }
    if (number.isPresent() && candidate == null && champion != null) {
      Optional<LiveModel> next = loader.load(number.getAsInt());
      if (next.isPresent()) {
        candidate = next.get();
        ended = Optional.empty();
        metrics.version(name, "candidate", number.getAsInt());
      }
    }
    startCanary();
  }

  /** The version that is tried: a new champion before any candidate. */
  private OptionalInt tried(Aliases aliases) {
    if (baking.isPresent()) {
      return OptionalInt.of(baking.get().version());
    }
    boolean wanted = trial.shadow() > 0 || trial.canary() > 0;
    return wanted ? aliases.candidate() : OptionalInt.empty();
  }

  private void startCanary() {
    LiveModel tried = candidate;
    Canary now = canary;
    double share = baking.isPresent() ? trial.rollout() : trial.canary();
    if (tried == null || share == 0 || ended.isPresent()) {
      stopCanary();
    } else if (now == null || now.version() != tried.version() || now.share() != share) {
      canary = new Canary(tried.version(), share, trial.alarms(), clock);
      metrics.canary(name, share);
      baking =
          baking.map(
              begun ->
                  new Baking(
                      begun.version(),
                      OptionalLong.of(clock.getAsLong() + trial.bake().toNanos())));
    }
  }

  private void stopCanary() {
    if (canary != null) {
      canary = null;
      metrics.canary(name, 0);
    }
  }

  private void judge() {
    Canary now = canary;
    Optional<Canary.Alarm> alarm = now == null ? Optional.empty() : now.judge();
    if (now == null || alarm.isEmpty()) {
      return;
    }
    String why = alarm.get().name() + ": " + alarm.get().text();
    ended = Optional.of(why);
    stopCanary();
    metrics.canaryReturn(name, alarm.get().name());
    LOG.warn("{}: the canary of version {} is ended: {}", name, now.version(), why);
    workshop.note(new Note(Instant.now(), "canary", now.version(), "ended by an alarm, " + why));
    if (baking.isPresent()) {
      baking = Optional.empty();
      turnedAway = OptionalInt.of(now.version());
      rollBack(why);
    }
  }

  /** The one that answered before is the champion again; the new one answers nothing either way. */
  private void rollBack(String why) {
    try {
      workshop.rollback(version(), "alarm of the canary, " + why, "server");
    } catch (AccreteException e) {
      LOG.error(
          "{}: version {} goes on, but is not made the champion: {}",
          name,
          version(),
          e.getMessage());
    }
  }

  /** Tries the candidate otherwise from now on; a canary that an alarm ended may begin again. */
  public synchronized void trial(Trial other) {
    trial = other;
    ended = Optional.empty();
    stopCanary();
    refresh();
  }

  /** How the candidate is tried. */
  public Trial trial() {
    return trial;
  }

  /**
   * What a person wants to know.
   *
   * @param champion the version that answers
   * @param candidate the version that is tried
   * @param canary what was seen of the canary, or why it ended; empty without one
   * @param failure what could not be loaded, and why
   */
  public record Status(
      String name,
      OptionalInt champion,
      OptionalInt candidate,
      double shadowShare,
      double canaryShare,
      String canary,
      Optional<Loader.Failure> failure) {}

  /** How it stands now. */
  public Status status() {
    LiveModel tried = candidate;
    Canary now = canary;
    return new Status(
        name,
        version(),
        tried == null ? OptionalInt.empty() : OptionalInt.of(tried.version()),
        trial.shadow(),
        now == null ? 0 : now.share(),
        now == null ? idle(tried) : now.figures(),
        loader.failure());
  }

  /** Why no canary answers; empty if none is wanted. */
  private String idle(@Nullable LiveModel tried) {
    if (ended.isPresent()) {
      return "ended: " + ended.get();
    }
    return trial.canary() > 0 && tried == null
        ? String.format(
            Locale.ROOT, "waits for a candidate, which gets %.4g of the requests", trial.canary())
        : "";
  }

  /** Hands over what was answered and closes all versions; no request may be under way. */
  @Override
  public synchronized void close() {
    closed = true;
    recorder.close();
    keepSpare(null);
    LiveModel answering = champion;
    champion = null;
    if (answering != null) {
      answering.leave();
    }
    LiveModel tried = candidate;
    candidate = null;
    if (tried != null) {
      tried.leave();
    }
    workshop.close();
  }
}
