package dev.accrete.production.serve.api;

import dev.accrete.production.serve.http.Exchange;
import dev.accrete.production.serve.http.Problem;
import dev.accrete.production.serve.http.Reply;
import dev.accrete.production.serve.live.Serving;
import dev.accrete.production.serve.workshop.Lesson;
import dev.accrete.production.serve.workshop.Taught;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has models taught, one lesson after the other. Whoever sends one waits until it is learned and
 * the result answers, or for a bounded time: then the lesson goes on by itself and the reply says
 * so.
 */
public final class School {
  private static final Logger LOG = LoggerFactory.getLogger(School.class);
  private static final int MOST_WAITING = 4;
  private static final int LONGEST_NAME = 200;
  private static final Duration RETRY = Duration.ofSeconds(10);

  private final Semaphore places = new Semaphore(MOST_WAITING);
  private final Semaphore room = new Semaphore(1, true);
  private final Map<String, State> states = new ConcurrentHashMap<>();

  /** How it stands with the lessons of a model; a reason if the last one failed. */
  record State(boolean learning, Optional<String> failure) {
    static final State IDLE = new State(false, Optional.empty());
  }

  /**
   * What came of a lesson.
   *
   * @param taught what was learned; empty if that goes on
   * @param live whether the result answers
   */
  record Result(Optional<Taught> taught, boolean live) {
    Reply reply() {
      Map<String, Object> reply = new LinkedHashMap<>();
      reply.put("status", taught.isEmpty() ? "learning" : live ? "live" : "learned");
      taught.ifPresent(
          done -> {
            reply.put("version", done.version());
            reply.put("images", done.images());
            reply.put("newClasses", done.newClasses());
            reply.put("rejected", done.rejected());
          });
      return Reply.json(reply).withStatus(taught.isEmpty() ? 202 : 200);
    }
  }

  /**
   * Refuses names that no class can have.
   *
   * @throws Problem 400 then
   */
  static void check(String label) {
    if (label.isBlank()
        || label.length() > LONGEST_NAME
        || label.equals(".")
        || label.equals("..")
        || label.chars().anyMatch(Character::isISOControl)) {
      throw Problem.of(
          400,
          "bad_class",
          "the name of a class has 1 to "
              + LONGEST_NAME
              + " characters, none of them a control, and is not . or ..");
    }
  }

  /** How it stands with a model. */
  State state(String model) {
    return states.getOrDefault(model, State.IDLE);
  }

  /** Teaches, and waits for a while. */
  Result teach(Serving serving, List<Lesson> lessons, Exchange exchange)
      throws InterruptedException {
    if (!places.tryAcquire()) {
      throw Problem.later(
          503, "busy", MOST_WAITING + " lessons wait already; try again when one is done", RETRY);
    }
    String by = exchange.caller().name();
    Duration most = exchange.limits().teaching();
    Exchange.Held images = exchange.detach();
    FutureTask<Result> task =
        new FutureTask<>(
            () -> {
              try (images) {
                return learn(serving, lessons, by);
              } finally {
                places.release();
              }
            });
    Thread.ofPlatform().name("accrete-teacher").start(task);
    try {
      return task.get(most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.info("a lesson for {} goes on after {} s", serving.workshop().name(), most.toSeconds());
      return new Result(Optional.empty(), false);
    } catch (ExecutionException e) {
      throw Refusals.of(e.getCause() == null ? e : e.getCause());
    }
  }

  private Result learn(Serving serving, List<Lesson> lessons, String by)
      throws InterruptedException {
    String name = serving.workshop().name();
    room.acquire();
    try {
      states.put(name, new State(true, Optional.empty()));
      Taught taught = serving.workshop().teach(lessons, by);
      serving.adopt();
      states.put(name, State.IDLE);
      return new Result(
          Optional.of(taught), serving.version().equals(OptionalInt.of(taught.version())));
    } catch (RuntimeException | Error e) {
      LOG.warn("a lesson for {} failed: {}", name, e.getMessage());
      states.put(name, new State(false, Optional.of(String.valueOf(e.getMessage()))));
      throw e;
    } finally {
      room.release();
    }
  }

  /** Takes no lesson any more, and waits a while for those that are under way. */
  public void close(Duration most) {
    try {
      if (!places.tryAcquire(MOST_WAITING, most.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("a lesson is not finished in {}; what it learned is given up", most);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
