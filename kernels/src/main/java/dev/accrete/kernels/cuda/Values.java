package dev.accrete.kernels.cuda;

import dev.accrete.core.DType;
import dev.accrete.core.Shape;
import dev.accrete.core.Stores;
import dev.accrete.core.Value;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the values of a graph are on the device, and in which layouts. Who needs a value in another
 * layout than it was made in gets a transposed copy, made when it is first asked for.
 */
final class Values {
  private static final int TILE = 32;
  private static final int MOST_PLANES = 65_535;

  private final Program program;
  private final Stores<CudaStore> stores;
  private final InputBlock inputs;
  private final Map<Value, Map<Layout, Buffer>> known = new HashMap<>();
  private final List<Runnable> unfinished = new ArrayList<>();

  Values(Program program, Stores<CudaStore> stores, InputBlock inputs) {
    this.program = program;
    this.stores = stores;
    this.inputs = inputs;
  }

  /** The layout a value was made in. */
  Layout home(Value value) {
    Map<Layout, Buffer> forms = known.getOrDefault(value, Map.of());
    boolean canonical = !(value instanceof Value.Temporary) || forms.containsKey(Layout.CANONICAL);
    return canonical || Layout.agree(value.type().shape())
        ? Layout.CANONICAL
        : Layout.CHANNELS_LAST;
  }

  /** A value in some layout, to be read. */
  Buffer read(Value value, Layout wanted) {
    Layout layout = Layout.agree(value.type().shape()) ? Layout.CANONICAL : wanted;
    return switch (value) {
      // Nodes between may write the variable: neither address nor copy is worth keeping.
      case Value.View view ->
          layout == Layout.CANONICAL ? stored(view) : transposed(value, stored(view));
      case Value.Input input -> {
        Map<Layout, Buffer> forms = forms(value);
        forms.computeIfAbsent(Layout.CANONICAL, any -> inputs.buffer(input));
        yield convert(value, forms, layout);
      }
      case Value.Temporary temporary -> convert(temporary, forms(temporary), layout);
    };
  }

  private Buffer stored(Value.View view) {
    return stores.of(view.variable()).buffer(view);
  }

  private Map<Layout, Buffer> forms(Value value) {
    return known.computeIfAbsent(value, v -> new EnumMap<>(Layout.class));
  }

  private Buffer convert(Value value, Map<Layout, Buffer> forms, Layout layout) {
    Buffer found = forms.get(layout);
    if (found != null) {
      return found;
    }
    Layout other = layout == Layout.CANONICAL ? Layout.CHANNELS_LAST : Layout.CANONICAL;
    Buffer source = forms.get(other);
    if (source == null) {
      throw new IllegalStateException("a node reads " + value + " before any wrote it");
    }
    Buffer made = transposed(value, source, layout);
    forms.put(layout, made);
    return made;
  }

  private Buffer transposed(Value value, Buffer canonical) {
    return transposed(value, canonical, Layout.CHANNELS_LAST);
  }

  private Buffer transposed(Value value, Buffer source, Layout to) {
    Buffer made = program.block(value.type().bytes());
    transpose(value.type().shape(), source, made, to);
    return made;
  }

  /** Where to write a value in some layout. A node that asks must be {@link #finish finished}. */
  Buffer write(Value value, Layout wanted) {
    Layout layout = Layout.agree(value.type().shape()) ? Layout.CANONICAL : wanted;
    if (value instanceof Value.View view) {
      Buffer home = stored(view);
      if (layout == Layout.CANONICAL) {
        return home;
      }
      Buffer made = program.block(value.type().bytes());
      unfinished.add(() -> transpose(value.type().shape(), made, home, Layout.CANONICAL));
      return made;
    }
    Buffer made = program.block(value.type().bytes());
    forms(value).put(layout, made);
    return made;
  }

  /** Says that two layouts of a value hold the same numbers, whatever their order. */
  void uniform(Value value, Buffer buffer) {
    forms(value).put(Layout.CANONICAL, buffer);
    forms(value).put(Layout.CHANNELS_LAST, buffer);
  }

  /** Says that a value is what another value's memory holds in canonical order. */
  void alias(Value value, Buffer canonical) {
    forms(value).put(Layout.CANONICAL, canonical);
  }

  /** Brings the results of a node into the variables they belong to. */
  void finish() {
    unfinished.forEach(Runnable::run);
    unfinished.clear();
  }

  private void transpose(Shape shape, Buffer from, Buffer to, Layout layout) {
    boolean toChannelsLast = layout == Layout.CHANNELS_LAST;
    int rows = toChannelsLast ? shape.dim(1) : shape.spatialSize();
    int columns = toChannelsLast ? shape.spatialSize() : shape.dim(1);
    program.launch(
        KernelFile.LAYOUT,
        "transpose",
        Grid.ofLanes(
            Math.ceilDiv(columns, TILE),
            Math.ceilDiv(rows, TILE),
            Math.min(MOST_PLANES, shape.dim(0))),
        shape.dim(0),
        rows,
        columns,
        from,
        to);
  }

  /** A value in canonical order for the host: where it is, and the steps that bring it there. */
  HostCopy hostCopy(Value value) {
    if (value instanceof Value.Temporary) {
      program.keep(read(value, home(value)));
    }
    if (value.type().dtype() != DType.F32) {
      return new HostCopy(read(value, Layout.CANONICAL), List.of());
    }
    int before = program.size();
    Buffer buffer = read(value, Layout.CANONICAL);
    return new HostCopy(buffer, program.takeFrom(before));
  }

  /** Memory to copy to the host after these steps. */
  record HostCopy(Buffer buffer, List<Step> steps) {
    HostCopy {
      steps = List.copyOf(steps);
    }
  }
}
