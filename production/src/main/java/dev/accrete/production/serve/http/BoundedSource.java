package dev.accrete.production.serve.http;

import java.time.Duration;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request, up to a number of bytes and a moment: whoever sends more, or one byte
 * every few seconds, is turned away while reading.
 */
final class BoundedSource implements Content.Source {
  private final Content.Source source;
  private final long most;
  private final long end;
  private long read;
  private Content.@Nullable Chunk failure;

  BoundedSource(Content.Source source, long most, Duration time) {
    this.source = source;
    this.most = most;
    end = System.nanoTime() + time.toNanos();
  }

  /** What to say of a body of more bytes than a limit. */
  static Problem tooLarge(long most) {
    return Problem.of(
        413,
        "too_large",
        "the body is longer than " + most + " bytes: send fewer or smaller images in each request");
  }

  /** What to say of a body that stalls, or comes a byte at a time. */
  static Problem tooSlow() {
    return Problem.of(408, "too_slow", "the body did not come in time: send it faster, or less");
  }

  @Override
  public Content.@Nullable Chunk read() {
    if (failure != null) {
      return failure;
    }
    Content.Chunk chunk = source.read();
    if (chunk == null || Content.Chunk.isFailure(chunk)) {
      return chunk;
    }
    read += chunk.remaining();
    if (read > most) {
      return refuse(chunk, tooLarge(most));
    }
    if (!chunk.isLast() && System.nanoTime() - end > 0) {
      return refuse(chunk, tooSlow());
    }
    return chunk;
  }

  private Content.Chunk refuse(Content.Chunk chunk, Problem problem) {
    chunk.release();
    Content.Chunk refusal = Content.Chunk.from(problem);
    failure = refusal;
    return refusal;
  }

  @Override
  public void demand(Runnable callback) {
    if (failure == null) {
      source.demand(callback);
    } else {
      callback.run();
    }
  }

  @Override
  public void fail(Throwable why) {
    source.fail(why);
  }

  @Override
  public long getLength() {
    return source.getLength();
  }
}
