package dev.accrete.kernels.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.Backend;
import dev.accrete.core.TensorType;
import dev.accrete.core.op.Add;
import dev.accrete.core.op.AddBias;
import dev.accrete.core.op.BatchNorm;
import dev.accrete.core.op.BatchNormInference;
import dev.accrete.core.op.BatchRenorm;
import dev.accrete.core.op.Conv2d;
import dev.accrete.core.op.Dropout;
import dev.accrete.core.op.GlobalAveragePool;
import dev.accrete.core.op.LocalResponseNorm;
import dev.accrete.core.op.MatMul;
import dev.accrete.core.op.Op;
import dev.accrete.core.op.PointFunction;
import dev.accrete.core.op.Pointwise;
import dev.accrete.core.op.Pool2d;
import dev.accrete.core.op.Reshape;
import dev.accrete.core.op.SoftmaxCrossEntropy;
import dev.accrete.kernels.reference.ReferenceBackend;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpSpecsTest {
  @Test
  void everyOpHasExactlyOneSpecWithCases() {
    List<Class<?>> specified = OpSpecs.all().stream().<Class<?>>map(OpSpec::type).toList();
    assertThat(specified).containsExactlyInAnyOrder(Op.class.getPermittedSubclasses());
    assertThat(OpSpecs.all()).allSatisfy(spec -> assertThat(spec.cases()).isNotEmpty());
  }

  @Test
  void casesHaveNamesOfTheirOwn() {
    List<String> names = OpSpecs.cases().map(OpSpec.Case::toString).toList();
    assertThat(names).doesNotHaveDuplicates();
  }

  @Test
  void casesCoverOddChannelsAndMiniBatches() {
    List<TensorType> images =
        OpSpecs.cases()
            .flatMap(spec -> spec.inputTypes().stream())
            .filter(type -> type.shape().rank() == 4)
            .toList();
    assertThat(images).extracting(type -> type.shape().dim(0)).contains(1, 3, 7);
    assertThat(images).extracting(type -> type.shape().dim(1)).contains(1, 3, 5, 17, 33, 64);
    assertThat(images).anyMatch(type -> type.shape().dim(2) != type.shape().dim(3));
  }

  @Test
  void everyOpWithAGradientHasACaseToDifferentiate() {
    List<Class<? extends Op>> differentiated =
        List.of(
            Add.class,
            AddBias.class,
            BatchNorm.class,
            BatchNormInference.class,
            BatchRenorm.class,
            Conv2d.class,
            Dropout.class,
            GlobalAveragePool.class,
            LocalResponseNorm.class,
            MatMul.class,
            Pool2d.class,
            Pointwise.class,
            Reshape.class,
            SoftmaxCrossEntropy.class);
    List<Class<? extends Op>> smooth =
        OpSpecs.all().stream()
            .filter(spec -> spec.cases().stream().anyMatch(c -> !c.differentiable().isEmpty()))
            .<Class<? extends Op>>map(OpSpec::type)
            .toList();
    assertThat(smooth).containsExactlyInAnyOrderElementsOf(differentiated);
  }

  @Test
  void elementsAreAPureFunctionOfTheSeed() {
    OpSpec.Case spec = OpSpecs.of(BatchRenorm.class).cases().get(5);
    float[] first = spec.generate(7).get(0).floats();
    assertThat(spec.generate(7).get(0).floats()).containsExactly(first);
    assertThat(Arrays.equals(spec.generate(8).get(0).floats(), first)).isFalse();
  }

  @Test
  void aSpecRefusesCasesOfAnotherOp() {
    assertThatThrownBy(() -> OpSpec.of(Add.class, OpSpecs.of(Pointwise.class).cases()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not a case of Add");
  }

  @Test
  void referenceSupportsEverything() {
    try (Backend reference = new ReferenceBackend()) {
      String table = OpSupport.markdown(List.of(reference));
      assertThat(table)
          .startsWith("| op | reference |\n| --- | --- |\n| Add | yes |\n| AddBias | yes |\n")
          .doesNotContain("| no |", " of ");
      assertThat(table.lines()).hasSize(2 + OpSupport.all(reference).size());
      for (PointFunction function : PointFunction.values()) {
        assertThat(table)
            .contains(
                "| " + function.label() + " | yes |", "| " + function.label() + "Grad | yes |");
      }
      assertThat(table).doesNotContain("Pointwise");
    }
  }

  @Test
  void supportCountsCases() {
    assertThat(new OpSupport.Support("Add", "x", 0, 7).summary()).isEqualTo("no");
    assertThat(new OpSupport.Support("Add", "x", 5, 7).summary()).isEqualTo("5 of 7");
    assertThat(new OpSupport.Support("Add", "x", 7, 7).summary()).isEqualTo("yes");
  }
}
