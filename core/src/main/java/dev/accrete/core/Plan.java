package dev.accrete.core;

/**
 * A compiled graph, ready to run any number of times without allocating. Not thread-safe.
 *
 * <p>Inputs keep their values between runs. Outputs are valid until the next run.
 */
public interface Plan extends AutoCloseable {
  /** The graph this was compiled from. */
  Graph graph();

  /**
   * Fills an F32 input; {@code values} must have exactly its size.
   *
   * @throws IllegalArgumentException if the graph has no such input or the size differs
   */
  void write(Value.Input input, float[] values);

  /** Fills an F64 input; likewise. */
  void write(Value.Input input, double[] values);

  /** Fills an I32 input; likewise. */
  void write(Value.Input input, int[] values);

  /** Fills a U8 input; likewise. */
  void write(Value.Input input, byte[] values);

  /** Fills a scalar F32 input. */
  default void write(Value.Input input, float value) {
    write(input, new float[] {value});
  }

  /** Executes all nodes. */
  void run();

  /**
   * Copies a named F32 output in canonical order into {@code destination}, which must have exactly
   * its size.
   *
   * @throws IllegalArgumentException if the graph has no such output or the size differs
   */
  void read(String output, float[] destination);

  /** Copies a named F64 output; likewise. */
  void read(String output, double[] destination);

  /** Copies a named I32 output; likewise. */
  void read(String output, int[] destination);

  /** Copies a named U8 output; likewise. */
  void read(String output, byte[] destination);

  /** A named F32 output. */
  default float[] read(String output) {
    Value value = graph().outputs().get(output);
    if (value == null) {
      throw new IllegalArgumentException(
          "the graph has no output " + output + "; it has " + graph().outputs().keySet());
    }
    float[] values = new float[value.type().shape().size()];
    read(output, values);
    return values;
  }

  /**
   * Bytes this plan holds beyond the store: arena, packed weights, inputs, scratch of its threads.
   */
  long bytes();

  @Override
  void close();
}
