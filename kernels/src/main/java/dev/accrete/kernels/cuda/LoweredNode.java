package dev.accrete.kernels.cuda;

import dev.accrete.core.Node;
import dev.accrete.core.Shape;
import dev.accrete.core.Value;
import java.util.List;

/**
 * A node while it is lowered: its operands and results in the layouts its kernels want, and the
 * program to add steps to.
 *
 * @param results where the results go; other than the node's own where a later node is fused
 * @param products how products are computed
 */
record LoweredNode(
    Node node, List<Value> results, Products products, Program program, Values values) {
  private static final int LANES = 8;
  private static final int WARP = 32;

  /** A tile of rows per block; more tiles fill the device, fewer are added up sooner. */
  private static final int TILE_ROWS = 8 * LANES;

  private static final int MOST_TILES = 256;

  Shape shape(int operand) {
    return node.inputs().get(operand).type().shape();
  }

  Shape resultShape(int result) {
    return results.get(result).type().shape();
  }

  /** An operand with its channels last. */
  Buffer activation(int operand) {
    return values.read(node.inputs().get(operand), Layout.CHANNELS_LAST);
  }

  /** An operand in canonical order. */
  Buffer flat(int operand) {
    return values.read(node.inputs().get(operand), Layout.CANONICAL);
  }

  /** Where a result goes with its channels last. */
  Buffer activationResult(int result) {
    return values.write(results.get(result), Layout.CHANNELS_LAST);
  }

  /** Where a result goes in canonical order. */
  Buffer flatResult(int result) {
    return values.write(results.get(result), Layout.CANONICAL);
  }

  /**
   * The layout for an op that looks at one element at a time: that of a result in a variable, else
   * the one the operands have, so that nothing is transposed for it.
   */
  Layout elementwiseLayout() {
    if (results.getFirst() instanceof Value.View) {
      return Layout.CANONICAL;
    }
    boolean activations =
        node.inputs().stream().anyMatch(v -> values.home(v) == Layout.CHANNELS_LAST);
    return activations ? Layout.CHANNELS_LAST : Layout.CANONICAL;
  }

  /** A block for intermediate floats. */
  Buffer scratch(int floats) {
    return program.block((long) Float.BYTES * floats);
  }

  /**
   * A thread for each of {@code count} elements, or as many threads as fill the device several
   * times: the kernels' loops cover the rest.
   */
  Grid over(int count) {
    return Grid.blocks(Math.min(program.mostBlocks(), Math.ceilDiv(count, Grid.THREADS)));
  }

  /** A matrix for the tensor memory accelerator; extents, pitch and box as in {@link TensorMap}. */
  TensorMap tensorMap(
      Buffer buffer,
      int width,
      int height,
      int pitch,
      int boxWidth,
      int boxHeight,
      boolean swizzled) {
    return new TensorMap(
        program.tensorMaps(), buffer, width, height, pitch, boxWidth, boxHeight, swizzled);
  }

  void launch(KernelFile file, String kernel, Grid grid, Object... arguments) {
    program.launch(file, kernel, grid, arguments);
  }

  /** Everything but the channels of an activation. */
  static int rows(Shape shape) {
    return shape.size() / shape.dim(1);
  }

  /** How rows are cut for sums over columns. The shape alone decides, not the device. */
  static Tiling tiling(int rows) {
    int tiles = Math.clamp(Math.ceilDiv(rows, TILE_ROWS), 1, MOST_TILES);
    int length = Math.ceilDiv(rows, tiles);
    return new Tiling(Math.ceilDiv(rows, length), length);
  }

  /** Tiles of so many rows each. */
  record Tiling(int tiles, int rows) {
    /** Blocks of 32 channels over all tiles. */
    Grid grid(int channels, int z) {
      return Grid.ofLanes(Math.ceilDiv(channels, WARP), tiles, z);
    }
  }
}
