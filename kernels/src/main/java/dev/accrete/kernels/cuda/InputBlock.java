package dev.accrete.kernels.cuda;

import dev.accrete.core.Graph;
import dev.accrete.core.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The inputs of a graph side by side in one block, so that they can be uploaded together. */
final class InputBlock {
  private static final long ALIGNMENT = 256;

  private final Map<Value.Input, Slot> slots = new LinkedHashMap<>();
  private final Buffer whole;
  private final long bytes;

  /** Where an input lies in the block, and in the staging memory. */
  record Slot(int index, long offset, long bytes, Buffer buffer) {
    /** Where the next one begins. */
    long end() {
      return offset + Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
    }
  }

  InputBlock(Graph graph, Program program) {
    // A graph may show an input that no node reads.
    Map<Value.Input, Long> offsets = new LinkedHashMap<>();
    long end = 0;
    for (Value value : List.copyOf(graph.outputs().values())) {
      if (value instanceof Value.Input input && !graph.inputs().contains(input)) {
        end = add(offsets, input, end);
      }
    }
    for (Value.Input input : graph.inputs()) {
      end = add(offsets, input, end);
    }
    bytes = Math.max(ALIGNMENT, end);
    whole = program.lasting(bytes);
    offsets.forEach(
        (input, offset) -> {
          long length = input.type().bytes();
          Buffer buffer = program.part(whole, offset, length);
          slots.put(input, new Slot(slots.size(), offset, length, buffer));
        });
  }

  private static long add(Map<Value.Input, Long> offsets, Value.Input input, long end) {
    return offsets.putIfAbsent(input, end) != null
        ? end
        : end + Math.ceilDiv(input.type().bytes(), ALIGNMENT) * ALIGNMENT;
  }

  /** The bytes of all inputs, gaps included. */
  long bytes() {
    return bytes;
  }

  /** All inputs. */
  Buffer whole() {
    return whole;
  }

  /** One input. */
  Buffer buffer(Value.Input input) {
    return slot(input).buffer();
  }

  /**
   * Where an input lies.
   *
   * @throws IllegalArgumentException if the graph has no such input
   */
  Slot slot(Value.Input input) {
    Slot slot = slots.get(input);
    if (slot == null) {
      throw new IllegalArgumentException(
          "the graph has no input " + input + "; it has " + slots.keySet());
    }
    return slot;
  }
}
