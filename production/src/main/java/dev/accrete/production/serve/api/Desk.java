package dev.accrete.production.serve.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.accrete.core.AccreteException;
import dev.accrete.nn.image.ImageException;
import dev.accrete.nn.image.Picture;
import dev.accrete.production.serve.http.Exchange;
import dev.accrete.production.serve.http.Problem;
import dev.accrete.production.serve.live.Job;
import dev.accrete.production.serve.live.LiveModel;
import dev.accrete.production.serve.live.Scores;
import dev.accrete.production.serve.live.Serving;
import dev.accrete.production.serve.metrics.Metrics;
import dev.accrete.production.serve.workshop.Answer;
import dev.accrete.production.serve.workshop.Upload;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has images answered, whichever door they came in by. */
public final class Desk {
  private static final Logger LOG = LoggerFactory.getLogger(Desk.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Metrics metrics;
  private final Keep keep;
  private final Ids ids = new Ids();

  /**
   * A desk.
   *
   * @param keep which images go to the workshop with their answers
   */
  public Desk(Metrics metrics, Keep keep) {
    this.metrics = metrics;
    this.keep = keep;
  }

  /** Something that becomes the pixels of an image of the model's size. */
  @FunctionalInterface
  interface Pixels {
    /** Writes u8 planar [3, size, size], red first. */
    void write(int size, byte[] into);
  }

  /**
   * An image on its way.
   *
   * @param content as it was received, if it was a file
   */
  record Question(String name, Pixels pixels, Optional<Upload> content) {}

  /**
   * What came of an image.
   *
   * @param id names the answer; empty if there is none
   * @param problem why there is none
   */
  record Outcome(String name, String id, Optional<Scores> scores, Optional<Problem> problem) {}

  /** What came of a request; all of one version. */
  record Outcomes(LiveModel model, List<Outcome> images) {
    /** The one outcome of a request of one image, or its problem. */
    Outcomes requireFirst() {
      Optional<Problem> problem = images.getFirst().problem();
      if (problem.isPresent()) {
        throw problem.get();
      }
      return this;
    }
  }

  /** Files as questions. */
  List<Question> questions(List<Upload> uploads, Exchange exchange) {
    if (uploads.isEmpty()) {
      throw Problem.of(
          400,
          "no_image",
          "there is no image in the request: send one as the body, in a form or in a ZIP");
    }
    long pixels = exchange.limits().pixels();
    int longest = exchange.limits().image();
    return uploads.stream().map(upload -> question(upload, pixels, longest)).toList();
  }

  private static Question question(Upload sent, long mostPixels, int longest) {
    Upload upload = sent.once();
    return new Question(
        upload.name(),
        (size, into) -> {
          byte[] bytes = upload.read();
          if (bytes.length > longest) {
            throw new ImageException(
                "image '" + upload.name() + "' is longer than " + longest + " bytes; scale it down",
                new IOException(bytes.length + " bytes"));
          }
          Picture.of(bytes, "'" + upload.name() + "'", mostPixels).decode(size, into, 0);
        },
        Optional.of(upload));
  }

  /**
   * Has images answered.
   *
   * @param version which one is to answer; if empty, the champion, or a canary for it
   * @param subject whose they are, if the client told
   */
  Outcomes ask(
      Serving serving,
      OptionalInt version,
      List<Question> questions,
      Optional<String> subject,
      Duration most)
      throws InterruptedException {
    Job job = serving.begin(questions.size(), version, hash(questions.getFirst()));
    decode(job, questions);
    if (!job.await(most)) {
      throw Problem.later(503, "busy", "no answer in " + most.toMillis() + " ms", RETRY);
    }
    List<Outcome> outcomes = new ArrayList<>(questions.size());
    Instant now = Instant.now();
    for (int i = 0; i < questions.size(); i++) {
      outcomes.add(outcome(serving, job, i, questions.get(i), subject, now));
    }
    return new Outcomes(job.model(), outcomes);
  }

  /** The same image is always answered by the same version. */
  private static long hash(Question question) {
    if (question.content().isEmpty()) {
      return question.name().hashCode();
    }
    try {
      byte[] bytes = question.content().get().read();
      CRC32C crc = new CRC32C();
      crc.update(bytes, 0, bytes.length);
      return crc.getValue();
    } catch (AccreteException e) {
      return 0; // It is read again to be decoded, and refused then.
    }
  }

  /** One after the other, or as many at once as there are processors. */
  private void decode(Job job, List<Question> questions) {
    int threads = Math.min(job.size(), Runtime.getRuntime().availableProcessors());
    if (threads == 1) {
      for (int i = 0; i < job.size(); i++) {
        decode(job, i, questions.get(i));
      }
      return;
    }
    AtomicInteger next = new AtomicInteger();
    Runnable work =
        () -> {
          for (int i = next.getAndIncrement(); i < job.size(); i = next.getAndIncrement()) {
            decode(job, i, questions.get(i));
          }
        };
    for (int i = 1; i < threads; i++) {
      Thread.ofVirtual().name("accrete-decoder").start(work);
    }
    work.run();
  }

  private void decode(Job job, int index, Question question) {
    long start = System.nanoTime();
    byte[] pixels;
    try {
      pixels = job.pixels();
      question.pixels().write(job.model().imageSize(), pixels);
    } catch (RuntimeException | Error e) {
      // Whatever it is, the image must not stay open, and the others go on.
      job.fail(index, e);
      return;
    }
    metrics.decoded(System.nanoTime() - start);
    job.submit(index, pixels);
  }

  private Outcome outcome(
      Serving serving,
      Job job,
      int index,
      Question question,
      Optional<String> subject,
      Instant now) {
    Optional<Throwable> failure = job.failure(index);
    if (failure.isPresent()) {
      Problem problem = problem(failure.get(), question.name());
      metrics.image(problem.status() >= 500 ? "failed" : "refused");
      if (problem.status() >= 500) {
        serving.conclude(job, index, Optional.empty());
      }
      return new Outcome(question.name(), "", Optional.empty(), Optional.of(problem));
    }
    Scores scores = job.scores(index);
    int[] top = scores.top(2, 0);
    int best = top[0];
    double second = top.length > 1 ? scores.of(top[1]) : 0;
    String id = ids.next();
    Optional<byte[]> content =
        keep.wants(scores.of(best), second)
            ? question.content().map(Upload::read)
            : Optional.empty();
    serving.conclude(
        job,
        index,
        Optional.of(
            new Answer(
                id,
                now,
                job.model().version(),
                question.name(),
                job.model().classes().get(best),
                scores.of(best),
                second,
                subject,
                content)));
    metrics.image("answered");
    return new Outcome(question.name(), id, Optional.of(scores), Optional.empty());
  }

  private static Problem problem(Throwable failure, String name) {
    if (failure instanceof Problem problem) {
      return problem;
    }
    if (failure instanceof ImageException || failure instanceof AccreteException) {
      return Problem.of(422, "unreadable_image", String.valueOf(failure.getMessage()));
    }
    LOG.error("image '{}' failed", name, failure);
    return Problem.of(
        500, "failed", "the model failed on image '" + name + "'; the server's log says why");
  }

  /** The classes of an image as JSON: a list of objects of a name and a number. */
  static void writeClasses(
      JsonGenerator json,
      LiveModel model,
      Scores scores,
      int most,
      double threshold,
      String name,
      String number)
      throws IOException {
    json.writeStartArray();
    for (int k : scores.top(most, threshold)) {
      json.writeStartObject();
      json.writeFieldName(name);
      json.writeString(model.name(k));
      json.writeNumberField(number, scores.of(k));
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
