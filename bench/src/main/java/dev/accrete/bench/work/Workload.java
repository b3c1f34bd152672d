package dev.accrete.bench.work;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.accrete.core.AccreteException;

/**
 * What every engine is asked to do. Travels to the measuring process as JSON with the property
 * {@code kind}, in whatever language that is written.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = TrainingWorkload.class, name = "training"),
  @JsonSubTypes.Type(value = InferenceWorkload.class, name = "inference"),
  @JsonSubTypes.Type(value = UpdateWorkload.class, name = "update"),
  @JsonSubTypes.Type(value = OpWorkload.class, name = "op"),
  @JsonSubTypes.Type(value = PeakWorkload.class, name = "peak")
})
public sealed interface Workload
    permits TrainingWorkload, InferenceWorkload, UpdateWorkload, OpWorkload, PeakWorkload {
  /** The classes told apart, as many as CORe50 has. */
  int CLASSES = 50;

  /** The seed of weights and images. */
  long SEED = 1;

  /** The case's name in reports: unique among all workloads that differ. */
  String name();

  /** Worker threads. */
  int threads();

  /** What executes our own work; peers ignore it. */
  String backend();

  /**
   * Judges what the runs of one process gave; see {@link Engine#run()}.
   *
   * @throws AccreteException if that is not what this work gives
   */
  default void check(String engine, double first, double last) {}
}
