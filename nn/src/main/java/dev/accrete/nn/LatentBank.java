package dev.accrete.nn;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.Graph;
import dev.accrete.core.MemoryException;
import dev.accrete.core.Plan;
import dev.accrete.core.Shape;
import dev.accrete.core.Store;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.Variable;
import dev.accrete.core.op.GatherLatents;
import dev.accrete.core.op.ScatterLatents;
import dev.accrete.core.op.StoredLatents;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Cells for latents of one shape, where the backend computes: {@link LatentExtraction}, {@link
 * LatentCopy} and {@link LatentTraining} move latents between cells and mini-batches without their
 * passing through the host. Not thread-safe.
 */
public final class LatentBank implements AutoCloseable {
  /** No Java array is longer. */
  private static final long MOST_NUMBERS = Integer.MAX_VALUE - 8L;

  private final Learner learner;
  private final Backend backend;
  private final Shape latent;
  private final int cells;
  private final Storage storage;
  private final Variable stored;
  private final Optional<Variable> ranges;
  private final Store store;

  /** How a latent is kept. */
  public enum Storage {
    /** Single precision. */
    F32,
    /** Bytes, with a range of values for each channel of each latent: see {@link StoredLatents}. */
    U8
  }

  LatentBank(Learner learner, String name, Shape latent, int cells, Storage storage) {
    this.learner = learner;
    this.backend = learner.backend();
    this.latent = latent;
    this.cells = cells;
    this.storage = storage;
    if ((long) cells * latent.size() > MOST_NUMBERS) {
      throw new AccreteException(
          cells
              + " latents of "
              + latent
              + " are more numbers than one array can hold; keep at most "
              + most(latent));
    }
    int[] shape = IntStream.concat(IntStream.of(cells), Arrays.stream(latent.toArray())).toArray();
    boolean coded = storage == Storage.U8;
    stored = new Variable(name, coded ? TensorType.u8(shape) : TensorType.f32(shape));
    int channels = StoredLatents.channels(latent);
    ranges =
        coded
            ? Optional.of(new Variable(name + "Ranges", TensorType.f32(cells, 2 * channels)))
            : Optional.empty();
    store = allocate();
  }

  private Store allocate() {
    try {
      return backend.allocate(variables());
    } catch (MemoryException e) {
      throw new MemoryException(
          "there is no room for "
              + cells
              + " latents of "
              + latent
              + " as "
              + storage
              + ": "
              + e.getMessage()
              + "; or keep fewer latents"
              + (storage == Storage.F32 ? ", or U8 ones, a quarter as large" : ""),
          e);
    }
  }

  /** How many latents of a shape one bank can have at most. */
  public static int most(Shape latent) {
    return (int) (MOST_NUMBERS / latent.size());
  }

  /** The shape of one latent: C x H x W or features. */
  public Shape latent() {
    return latent;
  }

  /** How many latents there is room for. */
  public int cells() {
    return cells;
  }

  /** How latents are kept. */
  public Storage storage() {
    return storage;
  }

  /** Bytes of all cells. */
  public long bytes() {
    return store.bytes();
  }

  private List<Variable> variables() {
    return ranges.map(r -> List.of(stored, r)).orElse(List.of(stored));
  }

  Store store() {
    return store;
  }

  /** The bank as {@link GatherLatents} and {@link ScatterLatents} take it. */
  List<Value> operands() {
    return variables().stream().<Value>map(Variable::view).toList();
  }

  /** Appends what stores latents in cells of this bank. */
  void scatter(Graph.Builder graph, Value latents, Value into) {
    List<Variable> variables = variables();
    List<Value> operands =
        IntStream.range(0, 2 + variables.size())
            .mapToObj(i -> i == 0 ? latents : i == 1 ? into : variables.get(i - 2).view())
            .toList();
    List<Graph.Destination> destinations =
        IntStream.range(0, variables.size())
            .mapToObj(i -> new Graph.Destination(i, variables.get(i).view()))
            .toList();
    graph.apply(new ScatterLatents(), operands, destinations);
  }

  /** The type of {@code rows} of these latents. */
  TensorType type(int rows) {
    return TensorType.f32(stored.type().shape().withDim(0, rows));
  }

  /**
   * Puts the latent at {@code from[offset]} into a cell, from the host: one at a time, for the few
   * that come from elsewhere.
   */
  public void write(int cell, float[] from, int offset) {
    Objects.checkIndex(cell, cells);
    int length = latent.size();
    if (storage == Storage.F32) {
      store.write(stored, cell * length, from, offset, length);
      return;
    }
    Graph.Builder graph = Graph.builder();
    Value.Input latents = graph.input("latents", type(1));
    Value.Input into = graph.input("cells", TensorType.i32(1));
    scatter(graph, latents, into);
    try (Plan plan = backend.compile(graph.build(), store)) {
      plan.write(latents, Arrays.copyOfRange(from, offset, offset + length));
      plan.write(into, new int[] {cell});
      plan.run();
    }
  }

  /**
   * Copies the latent of a cell to {@code to[offset]} on the host: one at a time, to look at it.
   */
  public void read(int cell, float[] to, int offset) {
    Objects.checkIndex(cell, cells);
    int length = latent.size();
    if (storage == Storage.F32) {
      store.read(stored, cell * length, to, offset, length);
      return;
    }
    Graph.Builder graph = Graph.builder();
    Value.Input rows = graph.input("rows", TensorType.i32(1));
    graph.output("latents", gather(graph, rows, List.of(this)));
    try (Plan plan = backend.compile(graph.build(), store)) {
      plan.write(rows, new int[] {cell});
      plan.run();
      System.arraycopy(plan.read("latents"), 0, to, offset, length);
    }
  }

  /** Appends what makes a mini-batch of the latents of cells, counted through some banks. */
  static Value gather(Graph.Builder graph, Value rows, List<LatentBank> banks) {
    List<Value> operands =
        IntStream.rangeClosed(0, banks.size())
            .mapToObj(i -> i == 0 ? List.of(rows) : banks.get(i - 1).operands())
            .flatMap(List::stream)
            .toList();
    return graph.one(new GatherLatents(), operands.toArray(Value[]::new));
  }

  /**
   * The values of the first cells, in canonical order, for a checkpoint.
   *
   * @throws IllegalStateException if latents are not kept as F32
   */
  public float[] values(int count) {
    requireStorage(Storage.F32);
    float[] values = new float[count * latent.size()];
    store.read(stored, 0, values, 0, values.length);
    return values;
  }

  /** Replaces the values of the first cells; likewise. */
  public void setValues(float[] values) {
    requireStorage(Storage.F32);
    store.write(stored, 0, values, 0, values.length);
  }

  /**
   * The codes of the first cells, in canonical order, for a checkpoint.
   *
   * @throws IllegalStateException if latents are not kept as U8
   */
  public byte[] codes(int count) {
    requireStorage(Storage.U8);
    byte[] codes = new byte[count * latent.size()];
    store.read(stored, 0, codes, 0, codes.length);
    return codes;
  }

  /** The least value and the step of every channel of the first cells; likewise. */
  public float[] ranges(int count) {
    float[] values = new float[count * rangeLength()];
    store.read(rangeVariable(), 0, values, 0, values.length);
    return values;
  }

  /** Replaces the codes and the ranges of the first cells; likewise. */
  public void setCodes(byte[] codes, float[] rangeValues) {
    requireStorage(Storage.U8);
    store.write(stored, 0, codes, 0, codes.length);
    store.write(rangeVariable(), 0, rangeValues, 0, rangeValues.length);
  }

  /** Numbers of the ranges of one cell. */
  public int rangeLength() {
    return 2 * StoredLatents.channels(latent);
  }

  private Variable rangeVariable() {
    requireStorage(Storage.U8);
    return ranges.orElseThrow();
  }

  private void requireStorage(Storage wanted) {
    if (storage != wanted) {
      throw new IllegalStateException("the latents are kept as " + storage + ", not " + wanted);
    }
  }

  /** Frees the cells; what was compiled for them cannot run any more. */
  @Override
  public void close() {
    learner.remove(this);
    store.close();
  }
}
