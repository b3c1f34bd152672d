package dev.accrete.core;

import dev.accrete.core.op.Op;
import java.util.Collection;
import java.util.List;

/**
 * Executes graphs on some hardware. Obtain one from {@link Backends}. Thread-safe, but a plan runs
 * on one caller's thread at a time.
 */
public interface Backend extends AutoCloseable {
  /** The short name: {@code reference}, {@code vector}, {@code cuda}. */
  String name();

  /** What this backend runs on, for reports: for example {@code vector (512-bit, 2 threads)}. */
  String description();

  /** Whether this backend executes {@code op} on operands of these types. */
  boolean supports(Op op, List<TensorType> inputs);

  /**
   * Allocates variables, filled with zeros.
   *
   * @throws MemoryException if there is not enough memory
   */
  Store allocate(Collection<Variable> variables);

  /**
   * Compiles a graph against the stores that hold its variables: orders memory, chooses layouts,
   * fuses ops.
   *
   * @throws IllegalArgumentException if no store has a variable of the graph, two have the same, or
   *     one is of another backend
   * @throws MemoryException if there is not enough memory
   * @throws AccreteException if an op is not supported
   */
  Plan compile(Graph graph, Store... stores);

  @Override
  void close();
}
