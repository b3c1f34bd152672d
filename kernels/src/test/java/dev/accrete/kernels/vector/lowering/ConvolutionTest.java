package dev.accrete.kernels.vector.lowering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import dev.accrete.kernels.vector.convolution.BothGradients;
import dev.accrete.kernels.vector.convolution.ConvGeometry;
import dev.accrete.kernels.vector.convolution.Convolution;
import dev.accrete.kernels.vector.norm.ChannelStatistics;
import dev.accrete.kernels.vector.run.Runners;
import dev.accrete.kernels.vector.run.TileRunner;
import dev.accrete.kernels.vector.run.WorkerPool;
import dev.accrete.kernels.vector.tensor.ChannelAffine;
import dev.accrete.kernels.vector.tensor.Epilogue;
import dev.accrete.kernels.vector.tensor.Layout;
import dev.accrete.kernels.vector.tensor.Mapped;
import dev.accrete.kernels.vector.tensor.Operand;
import dev.accrete.kernels.vector.tensor.Source;
import dev.accrete.kernels.vector.winograd.WinogradProduct;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every convolution kernel against plain loops, over odd extents, with and without a map of x. */
public class ConvolutionTest {
  private static final float GUARD = 12345.5f;
  private static final int OFFSET = 29;

  public static List<ConvGeometry> geometries() {
    List<ConvGeometry> list = new ArrayList<>();
    // Pointwise: extents around the sizes of blocks, panels and tiles; several images per tile.
    int[] channels = {1, 3, 5, 16, 17, 33, 64};
    for (int i = 0; i < channels.length; i++) {
      int out = channels[(i + 3) % channels.length];
      list.add(square(3, channels[i], 2 + i, out, 1, 1, 0, 1));
    }
    list.add(square(7, 48, 2, 80, 1, 1, 0, 1));
    list.add(square(40, 160, 4, 96, 1, 1, 0, 1));
    list.add(square(2, 32, 24, 64, 1, 1, 0, 1));
    list.add(square(1, 300, 3, 200, 1, 1, 0, 1));
    // General kernels, strides, paddings.
    for (int c : new int[] {1, 3, 17, 33}) {
      list.add(square(2, c, 9, 5, 3, 1, 1, 1));
      list.add(square(2, c, 8, 18, 3, 2, 1, 1));
      list.add(square(1, c, 11, 33, 5, 1, 2, 1));
      list.add(square(2, c, 7, 7, 1, 2, 0, 1));
    }
    list.add(square(2, 3, 23, 20, 11, 4, 0, 1));
    list.add(square(1, 5, 9, 6, 7, 2, 2, 1));
    list.add(new ConvGeometry(2, 6, 7, 10, 9, 3, 2, 2, 1, 0, 1, 1, false));
    // Groups, aligned to blocks and not.
    list.add(square(2, 32, 6, 64, 3, 1, 1, 2));
    list.add(square(2, 32, 5, 10, 1, 1, 0, 2));
    list.add(square(2, 6, 7, 4, 3, 1, 1, 2));
    list.add(square(2, 40, 5, 36, 1, 1, 0, 2));
    list.add(square(2, 4, 5, 8, 3, 1, 1, 4));
    // Wide enough for Winograd's: whole images and bands of them, edges, paddings, groups.
    list.add(square(3, 32, 13, 64, 3, 1, 1, 1));
    list.add(square(2, 48, 19, 32, 3, 1, 0, 1));
    list.add(square(4, 32, 11, 48, 3, 1, 2, 1));
    list.add(square(1, 32, 50, 32, 3, 1, 1, 1));
    list.add(square(61, 32, 4, 32, 3, 1, 1, 1));
    list.add(square(9, 64, 8, 32, 5, 1, 2, 1));
    list.add(square(9, 64, 9, 96, 5, 1, 1, 2));
    list.add(square(1, 32, 23, 32, 5, 1, 4, 1));
    list.add(new ConvGeometry(4, 32, 13, 10, 32, 5, 5, 1, 1, 2, 2, 1, false));
    // Planar images.
    list.add(planar(square(3, 3, 16, 32, 3, 2, 1, 1)));
    list.add(planar(square(2, 1, 9, 5, 5, 1, 2, 1)));
    list.add(planar(square(2, 3, 23, 20, 11, 4, 0, 1)));
    // Depthwise.
    for (int c : new int[] {3, 17, 33}) {
      for (int stride = 1; stride <= 2; stride++) {
        for (int pad = 0; pad <= 2; pad++) {
          list.add(square(2, c, 6 + pad + c % 2, c, 3, stride, pad, c));
          list.add(square(1, c, 9, c, 5, stride, pad, c));
        }
      }
    }
    list.add(square(9, 20, 2, 20, 3, 1, 1, 20));
    list.add(square(3, 16, 1, 16, 3, 1, 1, 16));
    list.add(square(3, 16, 4, 16, 3, 2, 1, 16));
    list.add(square(1, 16, 70, 16, 3, 1, 1, 16));
    list.add(square(1, 16, 90, 16, 3, 2, 1, 16));
    list.add(square(1, 5, 8, 5, 1, 2, 1, 5));
    list.add(new ConvGeometry(2, 18, 9, 6, 18, 3, 3, 2, 1, 1, 0, 18, false));
    list.add(new ConvGeometry(2, 18, 12, 7, 18, 3, 3, 3, 3, 1, 1, 18, false));
    return list;
  }

  /** Those whose gradients can be computed in one pass: depthwise and pointwise ones. */
  static List<ConvGeometry> withBothGradients() {
    return geometries().stream().filter(g -> bothGradients(g).isPresent()).toList();
  }

  /** Those where dx may moreover lie where dy does. */
  static List<ConvGeometry> inPlace() {
    return geometries().stream()
        .filter(g -> bothGradients(g).filter(BothGradients::inPlace).isPresent())
        .toList();
  }

  private static Optional<BothGradients> bothGradients(ConvGeometry g) {
    return Convolutions.plan(g, Runners.shuffled(1)).bothGradients();
  }

  private static ConvGeometry square(
      int images, int channels, int size, int out, int kernel, int stride, int pad, int groups) {
    return new ConvGeometry(
        images, channels, size, size, out, kernel, kernel, stride, stride, pad, pad, groups, false);
  }

  private static ConvGeometry planar(ConvGeometry g) {
    return new ConvGeometry(
        g.images(),
        g.channels(),
        g.height(),
        g.width(),
        g.outChannels(),
        g.kernelH(),
        g.kernelW(),
        g.strideH(),
        g.strideW(),
        g.padH(),
        g.padW(),
        g.groups(),
        true);
  }

  /** Else what follows would test nothing of it. */
  @Test
  void someOfTheseAreComputedByWinogradsFiltering() {
    assertThat(
            geometries().stream()
                .filter(g -> WinogradProduct.fits(g, g.images()))
                .map(ConvGeometry::kernelH))
        .hasSize(9)
        .contains(3, 5);
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void matchesPlainLoops(ConvGeometry g) {
    check(g, Runners.shuffled(1), ChannelAffine.IDENTITY);
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void matchesPlainLoopsOfTheMappedInput(ConvGeometry g) {
    check(g, Runners.shuffled(2), map(g, true));
    check(g, Runners.shuffled(3), map(g, false));
  }

  @ParameterizedTest
  @MethodSource("geometries")
  void isBitIdenticalForAnyNumberOfThreads(ConvGeometry g) {
    float[][] expected = new Run(g, Runners.shuffled(4), map(g, true)).results();
    for (int threads : new int[] {1, 2, 7}) {
      try (WorkerPool pool = new WorkerPool(threads)) {
        Run run = new Run(g, pool, map(g, true));
        assertThat(Arrays.deepEquals(run.results(), expected)).isTrue();
        run.compute();
        assertThat(Arrays.deepEquals(run.results(), expected)).isTrue();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("withBothGradients")
  void bothGradientsAreBitIdenticalForAnyNumberOfThreads(ConvGeometry g) {
    Run first = new Run(g, Runners.shuffled(4), map(g, true));
    assertThat(first.computeBoth()).isTrue();
    float[][] expected = first.results();
    for (int threads : new int[] {1, 2, 7}) {
      try (WorkerPool pool = new WorkerPool(threads)) {
        Run run = new Run(g, pool, map(g, true));
        run.computeBoth();
        assertThat(Arrays.deepEquals(run.results(), expected)).isTrue();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("inPlace")
  void inputGradientMayReplaceTheGradient(ConvGeometry g) {
    Run expected = new Run(g, Runners.shuffled(6), map(g, true));
    Run run = new Run(g, Runners.shuffled(7), map(g, true));
    assertThat(run.computeInPlace() && expected.computeBoth()).isTrue();
    assertThat(Arrays.deepEquals(run.results(), expected.results())).isTrue();
  }

  public static ChannelAffine map(ConvGeometry g, boolean relu) {
    int channels = g.channels();
    ChannelAffine map = ChannelAffine.ofChannels(channels, relu);
    Random random = new Random(5);
    for (int c = 0; c < channels; c++) {
      map.scale[c] = random.nextFloat() + 0.5f;
      map.shift[c] = random.nextFloat() - 0.5f;
    }
    return map;
  }

  public static void check(ConvGeometry g, TileRunner runner, ChannelAffine map) {
    Run run = new Run(g, runner, map);
    NaiveConvolution naive = new NaiveConvolution(g, run.mappedX(), run.w, run.dy);
    float[][] results = run.results();
    assertClose(results[0], naive.y, naive.yScale, g, "y");
    assertClose(results[1], naive.dx, naive.dxScale, g, "dx");
    assertClose(results[2], naive.dw, naive.dwScale, g, "dw");
    run.checkEpilogues(results[0], results[1]);
    if (run.computeBoth()) {
      results = run.results();
      assertClose(results[1], naive.dx, naive.dxScale, g, "dx of both");
      assertClose(results[2], naive.dw, naive.dwScale, g, "dw of both");
    }
  }

  private static void assertClose(
      float[] actual, double[] expected, double[] scale, ConvGeometry g, String name) {
    assertThat(actual).hasSize(expected.length);
    for (int i = 0; i < actual.length; i++) {
      // One rounding per addition at most; errors of random signs stay far below this.
      double bound = 1e-6 + 1e-5 * scale[i];
      if (!(Math.abs(actual[i] - expected[i]) <= bound)) {
        throw new AssertionError(
            name + "[" + i + "] of " + g + " is " + actual[i] + ", expected " + expected[i]);
      }
    }
  }

  /** One convolution with random operands in guarded memory. */
  private static final class Run {
    private final ConvGeometry g;
    private final ChannelAffine map;
    private final Convolution convolution;
    private final BlockedLayout xLayout;
    private final BlockedLayout yLayout;
    private final float[] x;
    private final float[] w;
    private final float[] dy;
    private final float[] memory;
    private final int yAt;
    private final int dxAt;
    private final int dwAt;
    private final int xAt;
    private final int dyAt;
    private final int wAt;

    Run(ConvGeometry g, TileRunner runner, ChannelAffine map) {
      this.g = g;
      this.map = map;
      convolution = Convolutions.plan(g, runner);
      Random random = new Random(g.hashCode());
      xLayout =
          new BlockedLayout(g.images(), g.channels(), g.height() * g.width(), g.planarInput());
      yLayout = new BlockedLayout(g.images(), g.outChannels(), g.outPositions(), false);
      x = random(random, xLayout.canonicalSize());
      w = random(random, g.outChannels() * g.weightRow());
      dy = random(random, yLayout.canonicalSize());
      xAt = OFFSET;
      dyAt = xAt + xLayout.size() + OFFSET;
      wAt = dyAt + yLayout.size() + OFFSET;
      yAt = wAt + w.length + OFFSET;
      dxAt = yAt + yLayout.size() + OFFSET;
      dwAt = dxAt + xLayout.size() + OFFSET;
      memory = new float[dwAt + w.length + OFFSET];
      Arrays.fill(memory, GUARD);
      xLayout.store(x, memory, xAt);
      yLayout.store(dy, memory, dyAt);
      System.arraycopy(w, 0, memory, wAt, w.length);
      compute();
    }

    private static float[] random(Random random, int size) {
      float[] values = new float[size];
      for (int i = 0; i < size; i++) {
        values[i] = random.nextFloat() * 2 - 1;
      }
      return values;
    }

    void compute() {
      convolution.pack(memory, wAt, 0);
      Source input = source(xLayout, xAt, map);
      Source gradient = source(yLayout, dyAt, ChannelAffine.IDENTITY);
      convolution.forward(input, memory, yAt, Epilogue.NONE);
      convolution.inputGrad(gradient, memory, dxAt, Epilogue.NONE);
      convolution.weightGrad(input, gradient, memory, dwAt);
    }

    /** Both gradients in one pass, if there is such a pass. */
    boolean computeBoth() {
      Arrays.fill(memory, dxAt, dxAt + xLayout.size(), Float.NaN);
      Arrays.fill(memory, dwAt, dwAt + w.length, Float.NaN);
      Source gradient = source(yLayout, dyAt, ChannelAffine.IDENTITY);
      Source input = source(xLayout, xAt, map);
      Optional<BothGradients> both = convolution.bothGradients();
      both.ifPresent(b -> b.run(gradient, input, memory, dxAt, Epilogue.NONE, memory, dwAt));
      return both.isPresent();
    }

    /** The same with dx in the place of dy, which is then copied to where dx belongs. */
    boolean computeInPlace() {
      Source gradient = source(yLayout, dyAt, ChannelAffine.IDENTITY);
      Source input = source(xLayout, xAt, map);
      Optional<BothGradients> both = convolution.bothGradients().filter(BothGradients::inPlace);
      both.ifPresent(b -> b.run(gradient, input, memory, dyAt, Epilogue.NONE, memory, dwAt));
      System.arraycopy(memory, dyAt, memory, dxAt, xLayout.size());
      return both.isPresent();
    }

    /** Whether y and dx are handed to epilogues completely and once. */
    void checkEpilogues(float[] y, float[] dx) {
      Shape yShape = Shape.of(g.images(), g.outChannels(), g.outHeight(), g.outWidth());
      Shape xShape = Shape.of(g.images(), g.channels(), g.height(), g.width());
      if (convolution.forwardParts() > 0) {
        ChannelStatistics sums = statistics(yShape, yAt, convolution.forwardParts());
        Source input = source(xLayout, xAt, map);
        convolution.forward(input, memory, yAt, sums);
        assertMoments(sums, y, yShape);
      }
      Source gradient = source(yLayout, dyAt, ChannelAffine.IDENTITY);
      if (convolution.inputGradParts() > 0) {
        ChannelStatistics sums = statistics(xShape, dxAt, convolution.inputGradParts());
        convolution.inputGrad(gradient, memory, dxAt, sums);
        assertMoments(sums, dx, xShape);
      }
      convolution
          .bothGradients()
          .ifPresent(
              both -> {
                ChannelStatistics sums = statistics(xShape, dxAt, both.parts());
                Source input = source(xLayout, xAt, map);
                both.run(gradient, input, memory, dxAt, sums, memory, dwAt);
                assertMoments(sums, dx, xShape);
              });
    }

    private ChannelStatistics statistics(Shape shape, int at, int parts) {
      Operand operand = Operand.planned(TensorType.f32(shape), Layout.BLOCKED);
      operand.floats = memory;
      operand.offset = at;
      ChannelStatistics sums = new ChannelStatistics(operand, parts);
      sums.begin();
      return sums;
    }

    private void assertMoments(ChannelStatistics sums, float[] values, Shape shape) {
      sums.finish();
      int plane = shape.spatialSize();
      for (int c = 0; c < shape.dim(1); c++) {
        double sum = 0;
        double square = 0;
        for (int n = 0; n < shape.dim(0); n++) {
          for (int i = 0; i < plane; i++) {
            double value = values[(n * shape.dim(1) + c) * plane + i];
            sum += value;
            square += value * value;
          }
        }
        double mean = sum / (shape.dim(0) * plane);
        double variance = square / (shape.dim(0) * plane) - mean * mean;
        double scale = Math.sqrt(square / (shape.dim(0) * plane)) + 1e-6;
        assertThat(sums.means[c]).as("mean of %s", g).isCloseTo(mean, within(1e-5 * scale));
        assertThat(sums.variances[c])
            .as("variance of %s", g)
            .isCloseTo(variance, within(1e-4 * scale * scale));
      }
    }

    private Source source(BlockedLayout layout, int at, ChannelAffine applied) {
      Operand operand = Operand.planned(TensorType.f32(layout.canonicalSize()), Layout.CANONICAL);
      operand.floats = memory;
      operand.offset = at;
      return new Mapped(operand, applied);
    }

    float[] mappedX() {
      float[] mapped = x.clone();
      int plane = g.height() * g.width();
      for (int i = 0; i < mapped.length && !map.isIdentity(); i++) {
        int c = i / plane % g.channels();
        float value = Math.fma(map.scale[c], mapped[i], map.shift[c]);
        mapped[i] = map.relu && value < 0 ? 0 : value;
      }
      return mapped;
    }

    /** y, dx, dw in canonical order, after checks that nothing else was written. */
    float[][] results() {
      for (int gap :
          new int[] {
            0,
            dyAt - OFFSET,
            wAt - OFFSET,
            yAt - OFFSET,
            dxAt - OFFSET,
            dwAt - OFFSET,
            memory.length - OFFSET
          }) {
        for (int i = gap; i < gap + OFFSET; i++) {
          assertThat(memory[i]).as("guard of %s", g).isEqualTo(GUARD);
        }
      }
      return new float[][] {
        yLayout.load(memory, yAt),
        xLayout.load(memory, dxAt),
        Arrays.copyOfRange(memory, dwAt, dwAt + w.length)
      };
    }
  }
}
