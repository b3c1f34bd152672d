package dev.accrete.kernels.vector;

import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.Store;
import dev.accrete.core.TensorType;
import dev.accrete.core.Variable;
import dev.accrete.core.op.Op;
import dev.accrete.kernels.vector.run.Instruction;
import dev.accrete.kernels.vector.tensor.Operand;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The vector backend with the arena out of reach: an instruction finds only the operands that it
 * declares, and fails on any other.
 */
final class StrictBackend implements Backend {
  private static final float[] OUT_OF_REACH = new float[0];

  private final VectorBackend real = new VectorBackend(new BackendOptions(2));

  @Override
  public String name() {
    return real.name();
  }

  @Override
  public String description() {
    return real.description();
  }

  @Override
  public boolean supports(Op op, List<TensorType> inputs) {
    return real.supports(op, inputs);
  }

  @Override
  public Store allocate(Collection<Variable> variables) {
    return real.allocate(variables);
  }

  @Override
  public Plan compile(Graph graph, Store... stores) {
    VectorPlan plan = real.compileWhole(graph, stores);
    plan.instructions = strict(plan.instructions);
    return plan;
  }

  @Override
  public void close() {
    real.close();
  }

  /** The same instructions, each without what it does not declare. */
  static Instruction[] strict(Instruction... instructions) {
    Map<Operand, float[]> arena = new HashMap<>();
    for (Instruction instruction : instructions) {
      Stream.concat(instruction.reads.stream(), instruction.writes.stream())
          .flatMap(operand -> Stream.of(operand, operand.root()))
          .filter(operand -> operand.root().block >= 0)
          .forEach(operand -> arena.put(operand, operand.floats));
    }
    return Arrays.stream(instructions)
        .map(instruction -> strict(instruction, arena))
        .toArray(Instruction[]::new);
  }

  private static Instruction strict(Instruction instruction, Map<Operand, float[]> arena) {
    Set<Operand> declared = instruction.touched().collect(Collectors.toSet());
    return new Instruction(
        instruction.toString(),
        "",
        0,
        () -> {
          arena.forEach(
              (operand, floats) ->
                  operand.floats = declared.contains(operand.root()) ? floats : OUT_OF_REACH);
          try {
            instruction.run();
          } finally {
            arena.forEach((operand, floats) -> operand.floats = floats);
          }
        },
        instruction.reads,
        instruction.writes);
  }
}
