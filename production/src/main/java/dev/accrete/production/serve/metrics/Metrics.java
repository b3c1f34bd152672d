package dev.accrete.production.serve.metrics;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** All figures of one server. Thread-safe. */
public final class Metrics {
  private static final double NANOS = 1e-9;

  /** From a tenth of a millisecond to ten seconds. */
  private static final double[] SECONDS = {
    1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 1e-2, 2.5e-2, 5e-2, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
  };

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final ExpositionFormats formats = ExpositionFormats.init();

  private final Counter requests =
      counter("accrete_requests", "Requests answered, by route and status.", "route", "status");
  private final Histogram requestSeconds =
      seconds("accrete_request_seconds", "From the request's line to its answer.", "route");
  private final Counter refused =
      counter("accrete_refused", "Requests turned away, by reason.", "reason");
  private final Counter images =
      counter("accrete_images", "Images to be classified, by outcome.", "outcome");
  private final DistributionDataPoint decodeSeconds =
      seconds("accrete_decode_seconds", "Decoding of an image.").labelValues();
  private final DistributionDataPoint queueSeconds =
      seconds("accrete_queue_seconds", "Waiting of an image for its batch.").labelValues();
  private final DistributionDataPoint modelSeconds =
      seconds("accrete_model_seconds", "A batch in the model.").labelValues();
  private final DistributionDataPoint batchImages =
      Histogram.builder()
          .name("accrete_batch_images")
          .help("Images in a batch.")
          .classicOnly()
          .classicUpperBounds(1, 2, 4, 8, 16, 32, 64, 128)
          .register(registry)
          .labelValues();
  private final Gauge version =
      Gauge.builder()
          .name("accrete_version")
          .help("Number of the version that has a role; 0 if none has.")
          .labelNames("model", "role")
          .register(registry);
  private final Counter swaps =
      counter(
          "accrete_swaps", "Changes of the version that answers, by result.", "model", "result");
  private final Counter second =
      counter(
          "accrete_second_opinions",
          "Answers of a version that was not asked, by what came of them.",
          "model",
          "outcome");
  private final Gauge canaryShare =
      Gauge.builder()
          .name("accrete_canary_share")
          .help("Share of requests that the candidate answers.")
          .labelNames("model")
          .register(registry);
  private final Counter canaryReturns =
      counter("accrete_canary_returns", "Canaries that an alarm ended.", "model", "alarm");
  private final Counter records =
      counter("accrete_records", "Answers to be kept, by what became of them.", "outcome");
  private final Counter feedback =
      counter("accrete_feedback", "Labels that came for answers, by outcome.", "outcome");
  private final Map<String, CounterDataPoint> imageOutcomes = new ConcurrentHashMap<>();

  private Counter counter(String name, String help, String... labels) {
    return Counter.builder().name(name).help(help).labelNames(labels).register(registry);
  }

  private Histogram seconds(String name, String help, String... labels) {
    return Histogram.builder()
        .name(name)
        .help(help)
        .unit(Unit.SECONDS)
        .labelNames(labels)
        .classicOnly()
        .classicUpperBounds(SECONDS)
        .register(registry);
  }

  /** Figures of one route, found once. */
  public final class Route {
    private final String name;
    private final DistributionDataPoint time;
    private final Map<Integer, CounterDataPoint> statuses = new ConcurrentHashMap<>();

    private Route(String name) {
      this.name = name;
      time = requestSeconds.labelValues(name);
    }

    /** A request was answered. */
    public void answered(int status, long nanos) {
      statuses
          .computeIfAbsent(status, code -> requests.labelValues(name, Integer.toString(code)))
          .inc();
      time.observe(nanos * NANOS);
    }
  }

  /** The figures of a route. */
  public Route route(String name) {
    return new Route(name);
  }

  /** A number that is asked for when somebody looks. */
  public void gauge(String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  /** A request was turned away. */
  public void refused(String reason) {
    refused.labelValues(reason).inc();
  }

  /** An image came to its end. */
  public void image(String outcome) {
    imageOutcomes.computeIfAbsent(outcome, images::labelValues).inc();
  }

  /** An image was decoded. */
  public void decoded(long nanos) {
    decodeSeconds.observe(nanos * NANOS);
  }

  /** An image came out of the queue. */
  public void waited(long nanos) {
    queueSeconds.observe(nanos * NANOS);
  }

  /** A batch went through a model. */
  public void ran(int count, long nanos) {
    batchImages.observe(count);
    modelSeconds.observe(nanos * NANOS);
  }

  /** A version got a role, or with 0 none has it. */
  public void version(String model, String role, int number) {
    version.labelValues(model, role).set(number);
  }

  /** A version was to be put to work. */
  public void swap(String model, String result) {
    swaps.labelValues(model, result).inc();
  }

  /** What came of a second opinion. */
  public void second(String model, String outcome) {
    second.labelValues(model, outcome).inc();
  }

  /** The share of a canary. */
  public void canary(String model, double share) {
    canaryShare.labelValues(model).set(share);
  }

  /** A canary was ended by an alarm. */
  public void canaryReturn(String model, String alarm) {
    canaryReturns.labelValues(model, alarm).inc();
  }

  /** What became of so many answers that were to be kept. */
  public void records(String outcome, long count) {
    records.labelValues(outcome).inc(count);
  }

  /** What became of a label. */
  public void feedback(String outcome) {
    feedback.labelValues(outcome).inc();
  }

  /** A page for Prometheus. */
  @SuppressWarnings("ArrayRecordComponent") // Written out, never compared.
  public record Page(String contentType, byte[] content) {}

  /**
   * All figures.
   *
   * @param accept what the client understands, as its header says
   */
  public Page page(@Nullable String accept) {
    ExpositionFormatWriter writer = formats.findWriter(accept);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      writer.write(out, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Page(writer.getContentType(), out.toByteArray());
  }
}
