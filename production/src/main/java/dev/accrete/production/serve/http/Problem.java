package dev.accrete.production.serve.http;

import java.time.Duration;
import java.util.Optional;

/** A request that is not answered as its sender hoped: a status, and one line that says why. */
public final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final transient Optional<Duration> retry;

  private Problem(int status, String code, String message, Optional<Duration> retry) {
    super(message);
    this.status = status;
    this.code = code;
    this.retry = retry;
  }

  /**
   * Something that will fail again.
   *
   * @param code a word that programs can test
   */
  public static Problem of(int status, String code, String message) {
    return new Problem(status, code, message, Optional.empty());
  }

  /** Something that may succeed after a while. */
  public static Problem later(int status, String code, String message, Duration retry) {
    return new Problem(status, code, message, Optional.of(retry));
  }

  /** The status of HTTP. */
  public int status() {
    return status;
  }

  /** A word that programs can test. */
  public String code() {
    return code;
  }

  /** One line that says what is wrong and what to do. */
  public String text() {
    return String.valueOf(getMessage());
  }

  /** When to try again, if that may help. */
  public Optional<Duration> retry() {
    return retry;
  }

  /** It is control flow: where it comes from is nobody's concern. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
