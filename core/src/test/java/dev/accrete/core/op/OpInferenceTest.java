package dev.accrete.core.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.Shape;
import dev.accrete.core.TensorType;
import dev.accrete.core.op.SgdSynaptic.Penalty;
import dev.accrete.core.op.SgdSynaptic.Segment;
import dev.accrete.core.op.SgdSynaptic.Trajectory;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The types of results, and errors that name op, operand and value. */
class OpInferenceTest {
  private static TensorType f32(int... dims) {
    return TensorType.f32(dims);
  }

  @ParameterizedTest
  @CsvSource({
    // H, W, R, S, stride, pad -> Ho, Wo
    "5, 7, 3, 3, 1, 1, 5, 7",
    "5, 7, 3, 3, 2, 1, 3, 4",
    "128, 128, 3, 3, 2, 1, 64, 64",
    "31, 35, 11, 11, 4, 0, 6, 7",
    "2, 2, 3, 3, 2, 1, 1, 1",
    "6, 6, 1, 1, 2, 0, 3, 3"
  })
  void convolutionExtents(int h, int w, int r, int s, int stride, int pad, int ho, int wo) {
    Conv2d conv = Conv2d.of(stride, pad);
    TensorType x = f32(2, 3, h, w);
    TensorType weight = f32(4, 3, r, s);
    assertThat(conv.infer(List.of(x, weight))).containsExactly(f32(2, 4, ho, wo));
    assertThat(conv.macs(List.of(x, weight))).isEqualTo(2L * 4 * ho * wo * 3 * r * s);
    assertThat(new Conv2dInputGrad(conv, x.shape()).infer(List.of(f32(2, 4, ho, wo), weight)))
        .containsExactly(x);
    assertThat(new Conv2dWeightGrad(conv, weight.shape()).infer(List.of(x, f32(2, 4, ho, wo))))
        .containsExactly(weight);
  }

  @ParameterizedTest
  @CsvSource({
    // size, kernel, stride, pad -> floor, ceil
    "32, 3, 2, 0, 15, 16",
    "31, 3, 2, 0, 15, 15",
    "7, 3, 2, 1, 4, 4",
    "8, 3, 2, 1, 4, 5",
    "4, 4, 4, 0, 1, 1",
    // The window that would start in the padding behind the image is dropped.
    "5, 2, 3, 1, 2, 2",
    "4, 2, 3, 1, 2, 2"
  })
  void poolingExtents(int size, int kernel, int stride, int pad, int floor, int ceil) {
    TensorType x = f32(1, 2, size, size);
    Pool2d down = new Pool2d(Pool2d.Kind.MAX, kernel, stride, pad, false);
    Pool2d up = new Pool2d(Pool2d.Kind.AVERAGE, kernel, stride, pad, true);
    assertThat(down.infer(List.of(x))).containsExactly(f32(1, 2, floor, floor));
    assertThat(up.infer(List.of(x))).containsExactly(f32(1, 2, ceil, ceil));
  }

  @Test
  void depthwiseCountsOneChannelPerFilter() {
    Conv2d conv = Conv2d.depthwise(8, 1, 1);
    List<TensorType> operands = List.of(f32(1, 8, 4, 4), f32(8, 1, 3, 3));
    assertThat(conv.macs(operands)).isEqualTo(8 * 16 * 9);
  }

  private static SgdSynaptic sgd(Penalty penalty, Segment... segments) {
    return new SgdSynaptic(
        List.of(segments), 0.9f, false, penalty, 1e-3f, 1, Trajectory.TASK_GRADIENT);
  }

  static Stream<Arguments> misfits() {
    TensorType labels = TensorType.i32(2);
    return Stream.of(
        misfit(new Add(), "Add takes 2 inputs, got 1", f32(2)),
        misfit(new Add(), "Add: b must have shape 2x3, has 2x4", f32(2, 3), f32(2, 4)),
        misfit(new Add(), "Add: a must be F32, is i32[2]", labels, labels),
        misfit(new AddBias(), "AddBias: bias must have shape 3, has 4", f32(2, 3), f32(4)),
        misfit(
            Conv2d.of(1, 0),
            "Conv2d: weight 4x2x1x1 in 1 groups does not fit x 1x3x5x5",
            f32(1, 3, 5, 5),
            f32(4, 2, 1, 1)),
        misfit(
            Conv2d.of(1, 0),
            "Conv2d: kernel 4x3x6x6 is larger than padded x 1x3x5x5",
            f32(1, 3, 5, 5),
            f32(4, 3, 6, 6)),
        misfit(Conv2d.of(1, 0), "Conv2d: x must have rank 4", f32(3, 5), f32(4, 3, 1, 1)),
        misfit(
            new MatMul(false, true),
            "MatMul: inner extents of a 2x3 and b 3x4 differ",
            f32(2, 3),
            f32(3, 4)),
        misfit(
            new BatchNorm(1e-5f, 0.9f),
            "BatchNorm: movingMean must have shape 3, has 4",
            f32(2, 3),
            f32(3),
            f32(3),
            f32(4),
            f32(3)),
        misfit(
            new BatchRenorm(1e-5f),
            "BatchRenorm: limits must have shape 3, has 2",
            f32(2, 3),
            f32(3),
            f32(3),
            f32(3),
            f32(3),
            f32(2)),
        misfit(
            new SoftmaxCrossEntropy(0),
            "SoftmaxCrossEntropy: labels must be I32, is f32[2]",
            f32(2, 3),
            f32(2),
            f32(3)),
        misfit(
            new SoftmaxCrossEntropy(0),
            "SoftmaxCrossEntropy: mask must have shape 3, has 4",
            f32(2, 3),
            labels,
            f32(4)),
        misfit(
            new PointwiseGrad(PointFunction.TANH),
            "TanhGrad: dy must have shape 2x3, has 3",
            f32(2, 3),
            f32(3)),
        misfit(new PointwiseGrad(PointFunction.SILU), "SiluGrad: x must be F32", labels, labels),
        misfit(new Reshape(Shape.of(7)), "Reshape: x 2x3 does not hold", f32(2, 3)),
        misfit(
            new NormalizeImage(List.of(1f), List.of(1f), 4, 4),
            "NormalizeImage: images must be N x 1 x H x W, are 2x3x4x4",
            TensorType.u8(2, 3, 4, 4),
            TensorType.i32(2, 3)),
        misfit(
            new Pool2d(Pool2d.Kind.MAX, 5, 1, 0, false),
            "Pool2d: window of 5 is larger than the padded extent 4",
            f32(1, 1, 4, 4)),
        misfit(new Dropout(0.5f), "Dropout: key must have shape 4, has 2", f32(3), labels),
        misfit(new LoadHead(), "LoadHead: present must have shape 3, has 2", f32(3, 5), f32(2)),
        misfit(
            sgd(Penalty.NONE, new Segment(4, 8, 1, 0, true)),
            "ends beyond the 10 parameters",
            TensorType.f32(Shape.SCALAR),
            f32(10),
            f32(10),
            f32(10),
            f32(10)),
        misfit(
            sgd(Penalty.QUADRATIC),
            "SgdSynaptic takes 7 inputs, got 5",
            TensorType.f32(Shape.SCALAR),
            f32(10),
            f32(10),
            f32(10),
            f32(10)));
  }

  private static Arguments misfit(Op op, String message, TensorType... operands) {
    return Arguments.of(op, List.of(operands), message);
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("misfits")
  void operandsThatDoNotFitAreNamed(Op op, List<TensorType> operands, String message) {
    assertThatThrownBy(() -> op.infer(operands))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void attributesThatMakeNoSenseAreNamed() {
    assertThatThrownBy(() -> new Conv2d(0, 1, 0, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("strides 0x1");
    assertThatThrownBy(() -> new Pool2d(Pool2d.Kind.MAX, 2, 2, 2, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pad 2");
    assertThatThrownBy(() -> new Dropout(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1.0");
    assertThatThrownBy(() -> new LocalResponseNorm(4, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("size 4");
    assertThatThrownBy(() -> new SoftmaxCrossEntropy(-0.1f))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-0.1");
    assertThatThrownBy(() -> new NormalizeImage(List.of(1f), List.of(0f), 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[0.0]");
    assertThatThrownBy(
            () -> sgd(Penalty.NONE, new Segment(0, 8, 1, 0, true), new Segment(7, 8, 1, 0, true)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must not overlap");
    assertThatThrownBy(() -> new SynapticImportance(List.of(), 1, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("damping");
  }

  @Test
  void selectionsHaveABitForEachElementAndACountForEachBlock() {
    SelectParameters.Group group =
        new SelectParameters.Group(List.of(new SynapticImportance.Range(10, 90)), 9);
    SelectParameters select = new SelectParameters(List.of(group), SelectParameters.Best.LARGEST);
    assertThat(select.count()).isEqualTo(9);
    assertThat(select.infer(List.of(f32(1025))))
        .containsExactly(TensorType.i32(33), TensorType.i32(2));
    assertThatThrownBy(() -> select.infer(List.of(f32(99))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("SelectParameters")
        .hasMessageContaining("99 scores");
    assertThatThrownBy(() -> new SelectParameters.Group(group.ranges(), 91))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("90 elements")
        .hasMessageContaining("91");
    assertThatThrownBy(
            () ->
                new SelectParameters(
                    List.of(
                        new SelectParameters.Group(
                            List.of(
                                new SynapticImportance.Range(4, 4),
                                new SynapticImportance.Range(7, 2)),
                            1)),
                    SelectParameters.Best.LARGEST))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("overlap");
  }

  @Test
  void packedValuesNeedTheirSelection() {
    List<TensorType> selection = List.of(TensorType.i32(33), TensorType.i32(2));
    assertThat(new PackSelected(7).infer(List.of(f32(1025), selection.get(0), selection.get(1))))
        .containsExactly(f32(7));
    assertThat(new UnpackSelected(1025).infer(List.of(f32(7), selection.get(0), selection.get(1))))
        .containsExactly(f32(1025));
    assertThatThrownBy(
            () -> new PackSelected(7).infer(List.of(f32(1024), selection.get(0), selection.get(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bits");
  }

  @Test
  void latentsAreGatheredFromBanksOfOneShape() {
    TensorType rows = TensorType.i32(7);
    TensorType values = f32(4, 3, 2, 5);
    TensorType codes = TensorType.u8(9, 3, 2, 5);
    GatherLatents gather = new GatherLatents();
    assertThat(gather.infer(List.of(rows, values, codes, f32(9, 6))))
        .containsExactly(f32(7, 3, 2, 5));
    List<StoredLatents> banks =
        StoredLatents.of(gather, List.of(rows, codes, f32(9, 6), values), 1);
    assertThat(banks)
        .containsExactly(
            new StoredLatents(1, 0, codes.shape(), true),
            new StoredLatents(3, 9, values.shape(), false));
    assertThatThrownBy(() -> gather.infer(List.of(rows)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no bank");
    assertThatThrownBy(() -> gather.infer(List.of(rows, values, f32(4, 3, 5, 2))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must have shape 4x3x2x5, has 4x3x5x2");
    assertThatThrownBy(() -> gather.infer(List.of(rows, codes, f32(9, 3))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ranges must have shape 9x6");
  }

  @Test
  void latentsAreStoredInOneBank() {
    TensorType latents = f32(7, 8);
    TensorType cells = TensorType.i32(7);
    ScatterLatents scatter = new ScatterLatents();
    assertThat(scatter.infer(List.of(latents, cells, f32(4, 8)))).containsExactly(f32(4, 8));
    // Features share one range.
    List<TensorType> bank = List.of(TensorType.u8(4, 8), f32(4, 2));
    assertThat(scatter.infer(List.of(latents, cells, bank.get(0), bank.get(1)))).isEqualTo(bank);
    assertThat(scatter.inPlaceInput(0)).isEqualTo(2);
    assertThat(scatter.inPlaceInput(1)).isEqualTo(3);
    assertThatThrownBy(() -> scatter.infer(List.of(f32(7, 9), cells, f32(4, 8))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("latents must have shape 7x8, has 7x9");
    assertThatThrownBy(() -> scatter.infer(List.of(latents, cells, f32(4, 8), f32(4, 8))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("one bank");
  }

  @Test
  void theSparseUpdateTakesPackedOperands() {
    SgdSynaptic dense =
        new SgdSynaptic(
            List.of(new Segment(0, 40, 1, 0, true)),
            0.9f,
            false,
            Penalty.QUADRATIC,
            1,
            1,
            Trajectory.TASK_GRADIENT);
    SparseSgdSynaptic sparse = new SparseSgdSynaptic(dense);
    TensorType flat = f32(40);
    List<TensorType> operands =
        List.of(
            TensorType.f32(Shape.SCALAR),
            flat,
            flat,
            flat,
            flat,
            TensorType.i32(2),
            TensorType.i32(1),
            f32(5),
            f32(5));
    assertThat(sparse.infer(operands)).containsExactly(flat, flat, flat);
    assertThat(sparse.inPlaceInput(2)).isEqualTo(4);
    assertThatThrownBy(() -> sparse.infer(operands.subList(0, 8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("SparseSgdSynaptic takes 9");
    SgdSynaptic free =
        new SgdSynaptic(List.of(), 0.9f, false, Penalty.NONE, 1, 1, Trajectory.TASK_GRADIENT);
    assertThatThrownBy(() -> new SparseSgdSynaptic(free))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("use SgdSynaptic");
  }

  @Test
  void selectionsCountWhatIsChosen() {
    int[] bits = new int[33];
    bits[0] = 0b101;
    bits[31] = -1;
    bits[32] = 2;
    assertThat(Selection.count(bits)).isEqualTo(35);
    assertThat(Selection.before(bits)).containsExactly(0, 34);
    assertThat(Selection.contains(bits, 2)).isTrue();
    assertThat(Selection.contains(bits, 1)).isFalse();
    assertThat(Selection.contains(bits, 1025)).isTrue();
  }
}
