package dev.accrete.production.serve.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;

/** A request, on the way to its answer. Used by the request's own thread. */
public final class Exchange implements AutoCloseable {
  /** Bytes of requests in JSON that are no tensors. */
  private static final int SMALL = 1 << 20;

  private static final int LESSON_FACTOR = 10;

  private final Request request;
  private final Map<String, String> parameters;
  private final Caller caller;
  private final Limits limits;
  private final Memory memory;
  private final Path temporary;
  private Optional<Fields> query = Optional.empty();
  private Optional<UploadReader> reader = Optional.empty();
  private long taken;

  Exchange(
      Request request,
      Map<String, String> parameters,
      Caller caller,
      Limits limits,
      Memory memory,
      Path temporary) {
    this.request = request;
    this.parameters = parameters;
    this.caller = caller;
    this.limits = limits;
    this.memory = memory;
    this.temporary = temporary;
  }

  /** Who sent it. */
  public Caller caller() {
    return caller;
  }

  /** What it may ask for. */
  public Limits limits() {
    return limits;
  }

  /** A part of the path, decoded. */
  public String parameter(String name) {
    String value = parameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the route has no parameter " + name);
    }
    return value;
  }

  /** The same of a part that not every route has. */
  public Optional<String> anyParameter(String name) {
    return Optional.ofNullable(parameters.get(name));
  }

  /** A header, if there is one. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(request.getHeaders().get(name)).filter(text -> !text.isBlank());
  }

  /** A value of the query, if there is one. */
  public Optional<String> query(String name) {
    if (request.getHttpURI().getQuery() == null) {
      return Optional.empty();
    }
    if (query.isEmpty()) {
      query = Optional.of(Request.extractQueryParameters(request));
    }
    return query.map(fields -> fields.getValue(name)).filter(text -> !text.isBlank());
  }

  /** A whole number of the query, within bounds. */
  public int query(String name, int otherwise, int least, int most) {
    return query(
            name,
            text -> {
              int value = Integer.parseInt(text);
              return value >= least && value <= most ? Optional.of(value) : Optional.empty();
            },
            "a whole number of " + least + " to " + most)
        .orElse(otherwise);
  }

  /** A number of the query from 0 to 1. */
  public double query(String name, double otherwise) {
    return query(name, Exchange::share, "a number of 0 to 1").orElse(otherwise);
  }

  /** A number from 0 to 1; empty if it is another. */
  public static Optional<Double> share(String text) {
    double value = Double.parseDouble(text);
    return value >= 0 && value <= 1 ? Optional.of(value) : Optional.empty();
  }

  private <T> Optional<T> query(String name, Function<String, Optional<T>> read, String wanted) {
    return query(name).map(text -> value(name, text, read, wanted));
  }

  /**
   * What a text of a request says.
   *
   * @param read gives nothing, or fails with an {@link IllegalArgumentException}, if it says
   *     nothing of the kind
   * @throws Problem 400 then
   */
  public static <T> T value(
      String name, String text, Function<String, Optional<T>> read, String wanted) {
    Optional<T> value;
    try {
      value = read.apply(text);
    } catch (IllegalArgumentException e) {
      value = Optional.empty();
    }
    return value.orElseThrow(
        () -> Problem.of(400, "bad_parameter", name + " is '" + text + "', must be " + wanted));
  }

  /** The type of the body, in lower case and without parameters; empty if none is told. */
  public String type() {
    return header("Content-Type")
        .map(text -> text.replaceFirst(";.*", "").strip().toLowerCase(java.util.Locale.ROOT))
        .orElse("");
  }

  /**
   * The whole body.
   *
   * @throws Problem 413 if it is longer, 408 if it takes too long, 503 if too much is being read
   */
  public byte[] body(long most) {
    long length = request.getLength();
    if (length > most) {
      throw BoundedSource.tooLarge(most);
    }
    take(length >= 0 ? length : most);
    try (InputStream in = stream(most, limits.reading())) {
      if (length < 0) {
        return in.readAllBytes();
      }
      byte[] bytes = new byte[(int) length];
      int count = in.readNBytes(bytes, 0, bytes.length);
      if (count < length) {
        throw cut();
      }
      return bytes;
    } catch (IOException e) {
      throw unread(e);
    }
  }

  /** A small value in JSON. */
  public <T> T json(Class<T> type) {
    return Json.read(body(SMALL), type);
  }

  private InputStream stream(long most, Duration time) {
    return Content.Source.asInputStream(new BoundedSource(request, most, time));
  }

  private void take(long bytes) {
    memory.take(bytes);
    taken += bytes;
  }

  static Problem cut() {
    return Problem.of(400, "cut", "the body ends before it is complete; send it again");
  }

  /** A problem of ours that came through a stream, or a connection that broke. */
  static Problem unread(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof Problem problem) {
        return problem;
      }
      if (cause instanceof org.eclipse.jetty.http.HttpException bad) {
        return Problem.of(bad.getCode(), "bad_request", String.valueOf(bad.getReason()));
      }
      if (cause instanceof TimeoutException) {
        return BoundedSource.tooSlow();
      }
    }
    return Problem.of(400, "cut", "the body cannot be read: " + failure.getMessage());
  }

  /** Files to classify. */
  public Uploads images(int most) {
    return uploads(
        new Uploads.Rules(limits.body(), limits.image(), most, UploadReader.MUCH, true),
        limits.reading());
  }

  /** Files to learn. */
  public Uploads lessons(int most) {
    return uploads(
        new Uploads.Rules(limits.lesson(), limits.image(), most, UploadReader.LITTLE, false),
        limits.reading().multipliedBy(LESSON_FACTOR));
  }

  private Uploads uploads(Uploads.Rules rules, Duration time) {
    long length = request.getLength();
    if (length > rules.bytes()) {
      throw BoundedSource.tooLarge(rules.bytes());
    }
    UploadReader open = new UploadReader(rules, temporary, this::take);
    reader = Optional.of(open);
    String type = type();
    if (type.equals("multipart/form-data")) {
      take(open.memory(length));
      return open.form(
          new BoundedSource(request, rules.bytes(), time), header("Content-Type").orElse(""));
    }
    if (type.equals("application/json")) {
      throw Problem.of(
          415,
          "bad_type",
          "an image is sent as it is (Content-Type image/jpeg or application/octet-stream), as a"
              + " form, or in a ZIP; for JSON there is /v2");
    }
    if (type.contains("zip")) {
      try (InputStream in = stream(rules.bytes(), time)) {
        return open.zip(in);
      } catch (IOException e) {
        throw unread(e);
      }
    }
    byte[] body = body(Math.min(limits.body(), rules.bytes()));
    return open.single(body, query("name").orElse("image"));
  }

  /**
   * Hands over what the body took to somebody who still needs it when the request is answered, and
   * who frees it then.
   */
  public Held detach() {
    long bytes = taken;
    Optional<UploadReader> open = reader;
    taken = 0;
    reader = Optional.empty();
    return () -> {
      memory.give(bytes);
      open.ifPresent(UploadReader::close);
    };
  }

  /** What a body took. */
  public interface Held extends AutoCloseable {
    @Override
    void close();
  }

  /** Frees what the body took. */
  @Override
  public void close() {
    detach().close();
  }
}
