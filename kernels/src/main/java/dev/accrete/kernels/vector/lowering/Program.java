package dev.accrete.kernels.vector.lowering;

import dev.accrete.core.DType;
import dev.accrete.core.MemoryPlanner;
import dev.accrete.core.Node;
import dev.accrete.core.Stores;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.kernels.vector.op.Copies;
import dev.accrete.kernels.vector.op.Planes;
import dev.accrete.kernels.vector.run.Clock;
import dev.accrete.kernels.vector.run.Instruction;
import dev.accrete.kernels.vector.run.Step;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.run.Watch;
import dev.accrete.kernels.vector.tensor.Arena;
import dev.accrete.kernels.vector.tensor.Lanes;
import dev.accrete.kernels.vector.tensor.Layout;
import dev.accrete.kernels.vector.tensor.Mapped;
import dev.accrete.kernels.vector.tensor.Operand;
import dev.accrete.kernels.vector.tensor.Source;
import dev.accrete.kernels.vector.tensor.VectorStore;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A graph on its way to a plan: the instructions so far, and for every value the operands that hold
 * it, one per layout at most. Changes layouts where an instruction asks for another one.
 */
public final class Program {
  private static final TensorType UNKNOWN = TensorType.f32();

  /** The instructions so far. */
  public final List<Instruction> instructions = new ArrayList<>();

  private final Stores<VectorStore> stores;
  private final TileRunner runner;
  private final Clock clock;
  private final Map<Value, Map<Layout, Operand>> operands = new HashMap<>();
  private final Map<Value, Source> computed = new HashMap<>();
  private final Map<Value.Input, Operand> inputs = new LinkedHashMap<>();
  private final List<Operand> planned = new ArrayList<>();
  private final List<Operand> own = new ArrayList<>();
  private final List<Operand> aliases = new ArrayList<>();
  private final List<Runnable> unfinished = new ArrayList<>();
  private String kind = "";
  private String detail = "";
  private long macs;

  /** An empty program over the variables of {@code stores}. */
  public Program(Stores<VectorStore> stores, TileRunner runner, Clock clock) {
    this.clock = clock;
    this.stores = stores;
    this.runner = runner;
  }

  /** Begins a node: instructions emitted from now on are counted as its. */
  void begin(Node node) {
    kind = node.op().name();
    TensorType shown = node.inputs().isEmpty() ? UNKNOWN : node.inputs().get(0).type();
    detail = shown + " -> " + node.outputs().get(0).type();
    macs = node.macs();
  }

  /** Says that the next instruction does a second node as well. */
  void join(Node other) {
    kind = kind + "+" + other.op().name();
    macs += other.macs();
  }

  /**
   * Ends a node: moves results into variables where the kernel could not, and marks those changed.
   */
  void end(Node node) {
    unfinished.forEach(Runnable::run);
    unfinished.clear();
    for (Value output : node.outputs()) {
      if (output instanceof Value.View view) {
        instructions.getLast().changed.add(entry(view));
      }
    }
  }

  /** Appends a step; its operands live from the instruction that writes them to the last here. */
  Instruction emit(Step step, List<Operand> reads, List<Operand> writes) {
    Instruction instruction = new Instruction(kind, detail, macs, step, reads, writes);
    macs = 0;
    instructions.add(instruction);
    return instruction;
  }

  /** The value in one layout. */
  Operand in(Layout layout, Value value) {
    Map<Layout, Operand> known = operands.computeIfAbsent(value, v -> new EnumMap<>(Layout.class));
    Operand found = known.get(layout);
    if (found != null) {
      return found;
    }
    if (value instanceof Value.Input input) {
      // Whoever reads an input first says how it is to lie.
      inputs.computeIfAbsent(input, first -> Operand.owned(first.type(), layout));
    }
    Operand source = somewhere(value);
    Operand converted = source.layout == layout ? source : convert(value, source, layout);
    // A variable may have changed before its next use, so that what was made of it cannot be kept.
    if (!(value instanceof Value.View)) {
      known.put(layout, converted);
    }
    return converted;
  }

  /** Tells when any of these values changed: variables when written, others in every run. */
  Watch watch(List<Value> values) {
    List<VectorStore.Entry> variables = new ArrayList<>();
    for (Value value : values) {
      if (!(value instanceof Value.View view)) {
        return new Watch(List.of(), clock);
      }
      variables.add(entry(view));
    }
    return new Watch(variables, clock);
  }

  Operand canonical(Value value) {
    return in(Layout.CANONICAL, value);
  }

  Operand blocked(Value value) {
    return in(Layout.BLOCKED, value);
  }

  /** The value in the layout of its kind: blocked for rank 4, else canonical. */
  Operand usual(Value value) {
    return in(usualLayout(value), value);
  }

  static Layout usualLayout(Value value) {
    return value.type().shape().rank() == 4 ? Layout.BLOCKED : Layout.CANONICAL;
  }

  /** Whether the value lies in canonical order and nowhere else. */
  boolean isPlanar(Value value) {
    return !computed.containsKey(value) && somewhere(value).layout == Layout.CANONICAL;
  }

  /** The value in whatever layout it has. */
  public Operand somewhere(Value value) {
    return switch (value) {
      case Value.View view -> stored(view);
      case Value.Input input -> inputs.computeIfAbsent(input, Program::own);
      case Value.Temporary temporary -> {
        Map<Layout, Operand> known = operands.getOrDefault(temporary, Map.of());
        if (!known.isEmpty()) {
          yield known.values().iterator().next();
        }
        Source source = computed.get(temporary);
        if (source == null) {
          throw new IllegalArgumentException(temporary + " is used before it is computed");
        }
        yield materialize(temporary, source);
      }
    };
  }

  private VectorStore.Entry entry(Value.View view) {
    return stores.of(view.variable()).entry(view.variable());
  }

  private Operand stored(Value.View view) {
    return Operand.stored(view.type(), entry(view), view.offset());
  }

  private static Operand own(Value.Input input) {
    return Operand.owned(input.type(), inputLayout(input.type()));
  }

  /** How a tensor lies that comes from outside, unless its first reader says otherwise. */
  static Layout inputLayout(TensorType type) {
    boolean blocked = type.shape().rank() == 4 && type.shape().dim(1) >= 8;
    return blocked && type.dtype() == DType.F32 ? Layout.BLOCKED : Layout.CANONICAL;
  }

  private Operand convert(Value value, Operand source, Layout layout) {
    boolean alike =
        source.shape().spatialSize() == 1
            && source.shape().rank() >= 2
            && source.shape().dim(1) % Lanes.BLOCK == 0;
    if (alike && !(value instanceof Value.View)) {
      return alias(source, source.type, layout);
    }
    Operand converted = temporary(source.type, layout);
    emit(Copies.convert(runner, source, converted), List.of(source), List.of(converted));
    return converted;
  }

  /** The memory of an operand, seen as another type or layout. */
  Operand alias(Operand source, TensorType type, Layout layout) {
    Operand alias = source.as(type, layout);
    aliases.add(alias);
    return alias;
  }

  private Operand temporary(TensorType type, Layout layout) {
    if (type.dtype() != DType.F32) {
      // The arena holds floats. Others are few: they get an array of their own.
      Operand operand = Operand.owned(type, layout);
      own.add(operand);
      return operand;
    }
    Operand operand = Operand.planned(type, layout);
    planned.add(operand);
    return operand;
  }

  /** Working memory of a step, kept from run to run. */
  Operand workspace(TensorType type) {
    Operand operand = Operand.owned(type, Layout.CANONICAL);
    own.add(operand);
    return operand;
  }

  /** Where a result in one layout goes. */
  Operand result(Value value, Layout layout) {
    if (value instanceof Value.View view) {
      Operand home = stored(view);
      if (layout == Layout.CANONICAL) {
        return home;
      }
      Operand computed = temporary(view.type(), layout);
      unfinished.add(
          () -> emit(Copies.convert(runner, computed, home), List.of(computed), List.of(home)));
      return computed;
    }
    Operand operand = temporary(value.type(), layout);
    put(value, operand);
    return operand;
  }

  Operand canonicalResult(Value value) {
    return result(value, Layout.CANONICAL);
  }

  Operand blockedResult(Value value) {
    return result(value, Layout.BLOCKED);
  }

  /** Says that an operand holds a value. */
  void put(Value value, Operand operand) {
    operands.computeIfAbsent(value, v -> new EnumMap<>(Layout.class)).put(operand.layout, operand);
  }

  /** Says how a value can be computed by whoever loads it. */
  void putSource(Value value, Source source) {
    computed.put(value, source);
  }

  /** What a value is a map of, if it is one. */
  Optional<Mapped> mapped(Value value) {
    return computed.get(value) instanceof Mapped mapped ? Optional.of(mapped) : Optional.empty();
  }

  /** The value as what to load: plain if it lies in memory itself. */
  Source source(Value value) {
    boolean exists = operands.containsKey(value) && !operands.get(value).isEmpty();
    Source source = computed.get(value);
    return source == null || exists ? Mapped.plain(blocked(value)) : source;
  }

  /** The value as a map of something in memory; the identity if it lies there itself. */
  Mapped activation(Value value) {
    return source(value) instanceof Mapped mapped ? mapped : Mapped.plain(blocked(value));
  }

  /** Writes a value that is computed while it is loaded to memory. */
  Operand materialize(Value value, Source source) {
    Operand y = blockedResult(value);
    emit(Planes.store(runner, source, y), source.operands(), List.of(y)).inPlace(source.base(), y);
    return y;
  }

  /** The inputs that the instructions read. */
  public Map<Value.Input, Operand> inputs() {
    return inputs;
  }

  /** Bytes of what nodes compute outside the arena: integers, doubles, working memory. */
  public long ownBytes() {
    return own.stream().mapToLong(Operand::byteSize).sum();
  }

  /** Finds a place for every operand, allocates the arena, and returns its length in floats. */
  public long place(List<Operand> outputs) {
    MemoryPlanner planner = new MemoryPlanner(Lanes.BLOCK);
    for (Operand operand : planned) {
      operand.block = planner.block(operand.layout.length(operand.shape()));
    }
    Set<Operand> written = new HashSet<>();
    for (int i = 0; i < instructions.size(); i++) {
      Instruction instruction = instructions.get(i);
      instruction.writes.forEach(operand -> written.add(operand.root()));
      for (Operand operand : instruction.touched().filter(o -> o.block >= 0).toList()) {
        if (!written.contains(operand)) {
          throw new IllegalStateException(instruction + " reads what nothing wrote before it");
        }
        planner.use(operand.block, i);
      }
    }
    for (Operand output : outputs) {
      if (output.root().block >= 0) {
        planner.use(output.root().block, MemoryPlanner.FOREVER);
      }
    }
    for (Instruction instruction : instructions) {
      for (Instruction.Takeover takeover : instruction.takeovers) {
        if (takeover.operand().block >= 0 && takeover.result().block >= 0) {
          planner.share(takeover.operand().block, takeover.result().block);
        }
      }
    }
    planner.plan();
    allocate(planner);
    return planner.size();
  }

  private void allocate(MemoryPlanner planner) {
    float[] arena;
    try {
      arena = Arena.floats(planner.size());
    } catch (OutOfMemoryError e) {
      throw Arena.outOfMemory("the activations of a mini-batch", 4 * planner.size(), e);
    }
    for (Operand operand : planned) {
      operand.floats = arena;
      operand.offset = Arena.BASE + Math.toIntExact(planner.offset(operand.block));
    }
    aliases.forEach(Operand::locate);
  }
}
