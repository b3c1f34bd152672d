package dev.accrete.bench.serve;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Requests of single images over several connections. Each sends its next request when the last one
 * is answered (a closed loop), so what is waited for is what the server can do, not a queue.
 */
final class Load {
  private static final int OK = 200;

  private final URI server;
  private final int connections;
  private final List<byte[]> images;

  /**
   * A load.
   *
   * @param images encoded; taken in turns
   */
  Load(URI server, int connections, List<byte[]> images) {
    this.server = server;
    this.connections = connections;
    this.images = List.copyOf(images);
  }

  /**
   * What came of it.
   *
   * @param seconds that it took
   * @param requests answered with probabilities
   * @param failed all others
   * @param p50Ms half of the answers took at most this long, in milliseconds
   * @param firstFailure what one of those that failed said, or nothing
   */
  record Result(
      double seconds,
      long requests,
      long failed,
      double perSecond,
      double p50Ms,
      double p95Ms,
      double p99Ms,
      double maxMs,
      String firstFailure) {
    /** With what followed; of percentiles the larger. */
    Result and(Result next) {
      return new Result(
          seconds + next.seconds,
          requests + next.requests,
          failed + next.failed,
          (requests + next.requests) / (seconds + next.seconds),
          Math.max(p50Ms, next.p50Ms),
          Math.max(p95Ms, next.p95Ms),
          Math.max(p99Ms, next.p99Ms),
          Math.max(maxMs, next.maxMs),
          firstFailure.isEmpty() ? next.firstFailure : firstFailure);
    }
  }

  /** What one connection saw. */
  private static final class Seen {
    private long[] nanos = new long[1 << 12];
    private int count;
    private long failed;
    private String failure = "";

    void add(long took) {
      if (count == nanos.length) {
        nanos = Arrays.copyOf(nanos, 2 * count);
      }
      nanos[count++] = took;
    }

    void fail(String why) {
      failed++;
      failure = failure.isEmpty() ? why : failure;
    }
  }

  /** Runs it. */
  Result run(Duration time) throws InterruptedException {
    long began = System.nanoTime();
    long end = began + time.toNanos();
    List<Seen> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
      List<Future<Seen>> running = new ArrayList<>();
      for (int c = 0; c < connections; c++) {
        int first = c;
        running.add(threads.submit(() -> send(first, end)));
      }
      for (Future<Seen> one : running) {
        all.add(one.get());
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
    return result(all, (System.nanoTime() - began) / 1e9);
  }

  private Seen send(int first, long end) {
    Seen seen = new Seen();
    int next = first;
    while (System.nanoTime() < end) {
      try (Connection connection = new Connection(server)) {
        while (System.nanoTime() < end) {
          byte[] image = images.get(next++ % images.size());
          long start = System.nanoTime();
          Connection.Reply reply = connection.post("/v1/classify", "image/jpeg", image);
          if (reply.status() == OK && reply.body().contains("\"probability\"")) {
            seen.add(System.nanoTime() - start);
          } else {
            seen.fail(reply.status() + " " + reply.body());
          }
        }
      } catch (IOException e) {
        seen.fail(e.toString());
      }
    }
    return seen;
  }

  private static Result result(List<Seen> all, double seconds) {
    long[] nanos =
        all.stream()
            .flatMapToLong(seen -> Arrays.stream(seen.nanos, 0, seen.count))
            .sorted()
            .toArray();
    return new Result(
        seconds,
        nanos.length,
        all.stream().mapToLong(seen -> seen.failed).sum(),
        nanos.length / seconds,
        percentile(nanos, 0.5),
        percentile(nanos, 0.95),
        percentile(nanos, 0.99),
        percentile(nanos, 1),
        all.stream().map(seen -> seen.failure).filter(f -> !f.isEmpty()).findFirst().orElse(""));
  }

  /** The smallest value that so large a share of all are at most, in milliseconds; 0 of none. */
  static double percentile(long[] sorted, double share) {
    if (sorted.length == 0) {
      return 0;
    }
    int index = (int) Math.ceil(share * sorted.length) - 1;
    return sorted[Math.max(0, index)] / 1e6;
  }
}
