package dev.accrete.production.serve;

import dev.accrete.core.AccreteException;
import dev.accrete.production.policy.ServePolicy;
import dev.accrete.production.serve.api.Keep;
import dev.accrete.production.serve.http.Limits;
import dev.accrete.production.serve.live.Alarms;
import dev.accrete.production.serve.live.Batching;
import dev.accrete.production.serve.live.Trial;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How a server is run.
 *
 * @param host the address that it listens at
 * @param port 0 for any that is free
 * @param tokens a file of who may do what; without one only this machine is answered
 * @param keep which images are kept with their answers, so that a label makes them lessons
 * @param poll how often it looks for promotions by others
 * @param drain how long requests under way may take when it stops
 */
public record ServeOptions(
    String host,
    int port,
    Optional<Path> tokens,
    Batching batching,
    Limits limits,
    Trial trial,
    Keep keep,
    Duration poll,
    Duration drain) {
  private static final long MIB = 1L << 20;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final int MOST_PORT = 65_535;
  private static final Duration LONGEST = Duration.ofHours(1);

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException naming what is out of range
   * @throws AccreteException if others than this machine would be answered without tokens
   */
  public ServeOptions {
    if (port < 0 || port > MOST_PORT) {
      throw new IllegalArgumentException("a port is 0 to " + MOST_PORT + ", got " + port);
    }
    if (poll.isNegative() || poll.isZero() || poll.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "promotions are looked for every 1 ms to 1 h, got " + poll);
    }
    if (drain.isNegative() || drain.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("a server drains for 0 to 1 h, got " + drain);
    }
    if (limits.images() > batching.queue()) {
      throw new IllegalArgumentException(
          "a request of "
              + limits.images()
              + " images does not fit into a queue of "
              + batching.queue()
              + ": make the queue longer or the request shorter");
    }
    if (tokens.isEmpty() && !isLoopback(host)) {
      throw new AccreteException(
          "without tokens the server answers this machine alone, and "
              + host
              + " is reached from others: name a file with --tokens (accrete token --file FILE"
              + " ROLE NAME makes one), or leave --host out");
    }
  }

  /** Port 8080 of this machine. */
  public static ServeOptions defaults() {
    return new ServeOptions(
        "127.0.0.1",
        8080,
        Optional.empty(),
        Batching.defaults(),
        Limits.defaults(),
        Trial.none(),
        Keep.ALL,
        Duration.ofSeconds(1),
        Duration.ofSeconds(30));
  }

  /**
   * As a store's policy wants it.
   *
   * @param tokens the file that the policy names, if it names one
   */
  public static ServeOptions of(ServePolicy policy, Optional<Path> tokens) {
    ServeOptions usual = defaults();
    Batching batching =
        new Batching(
            policy.batchImages(),
            Duration.ofNanos(Math.round(policy.batchingDelayMs() * NANOS_PER_MILLI)),
            Math.max(policy.queueImages(), policy.batchImages()));
    long request = policy.maxRequestMib() * MIB;
    Limits limits =
        usual
            .limits()
            .withBytes(
                Math.min(request, usual.limits().body()),
                Math.min(request, Limits.MOST_BODY),
                (int) Math.min(policy.maxImageMib() * MIB, Limits.MOST_IMAGE))
            .withImages(
                (long) Math.min(policy.maxMegapixels() * 1e6, Limits.MOST_PIXELS),
                Math.min(policy.maxImages(), batching.queue()))
            .withRate(policy.requestsPerSecond().orElse(0));
    Alarms alarms = usual.trial().alarms();
    Trial trial =
        Trial.none()
            .withShadow(policy.shadow() ? policy.shadowShare() : 0)
            .withRollout(policy.canaryShare(), Duration.ofMinutes(policy.canaryMinutes()))
            .with(
                new Alarms(
                    policy.canaryMaxFailures(),
                    alarms.slowness(),
                    alarms.margin(),
                    policy.canaryMaxDisagreement(),
                    alarms.window(),
                    alarms.least()));
    return usual
        .at(usual.host(), usual.port(), tokens)
        .with(batching)
        .with(limits)
        .with(trial)
        .withTimes(usual.poll(), Duration.ofSeconds(policy.drainSeconds()));
  }

  private static boolean isLoopback(String host) {
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (!address.isLoopbackAddress()) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException e) {
      throw new AccreteException(
          "there is no address '" + host + "' here: name one of this machine with --host", e);
    }
  }

  /** The same at another address, with a file of tokens or without. */
  public ServeOptions at(String address, int number, Optional<Path> file) {
    return new ServeOptions(address, number, file, batching, limits, trial, keep, poll, drain);
  }

  /** The same with another way of bringing images together. */
  public ServeOptions with(Batching other) {
    return new ServeOptions(host, port, tokens, other, limits, trial, keep, poll, drain);
  }

  /** The same with other limits. */
  public ServeOptions with(Limits other) {
    return new ServeOptions(host, port, tokens, batching, other, trial, keep, poll, drain);
  }

  /** The same with a candidate that is tried. */
  public ServeOptions with(Trial other) {
    return new ServeOptions(host, port, tokens, batching, limits, other, keep, poll, drain);
  }

  /** The same with other images kept. */
  public ServeOptions keeping(Keep images) {
    return new ServeOptions(host, port, tokens, batching, limits, trial, images, poll, drain);
  }

  /** The same with other times. */
  public ServeOptions withTimes(Duration look, Duration stop) {
    return new ServeOptions(host, port, tokens, batching, limits, trial, keep, look, stop);
  }
}
