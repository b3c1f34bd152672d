package dev.accrete.bench.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.bench.work.Task;
import dev.accrete.core.AccreteException;
import java.util.List;
import org.junit.jupiter.api.Test;

class CpuSuiteTest {
  private static final List<Integer> THREADS = List.of(2, 1);

  @Test
  void namesAreUnique() {
    assertThat(CpuSuite.full(THREADS).names()).doesNotHaveDuplicates().hasSizeGreaterThan(20);
    assertThat(CpuSuite.quick(THREADS).names()).doesNotHaveDuplicates().isNotEmpty();
  }

  @Test
  void hasEveryKindOfWork() {
    assertThat(CpuSuite.full(THREADS).names())
        .contains(
            "train-mobilenet-v1-1.0-128-mb128-t2",
            "train-mobilenet-v1-1.0-128-mb32-t1",
            "infer-mobilenet-v1-1.0-128-mb1-t2",
            "update-ar1-star-mobilenet-v1-1.0-128-n300-t2",
            "update-ar1-free-mobilenet-v1-1.0-128-n300-t2",
            "op-convolution-3x3-3to32-128x128-s2-mb128-backward-t2",
            "op-depthwise-3x3-512-8x8-mb128-forward-t2",
            "op-batch-norm-64-64x64-mb128-backward-t2",
            "op-convolution-5x5-96to256-13x13-mb128-forward-t2");
  }

  @Test
  void updatesAndOpsRunOnAllThreadsAlone() {
    assertThat(CpuSuite.full(THREADS).matching("^(op|update)-").names())
        .allMatch(name -> name.endsWith("-t2"));
    assertThat(CpuSuite.quick(THREADS).names()).allMatch(name -> name.endsWith("-t2"));
  }

  @Test
  void measuresTheLimitOncePerNumberOfThreads() {
    assertThat(CpuSuite.full(THREADS).peaks().stream().map(Task::workload))
        .extracting("threads")
        .containsExactly(2, 1);
  }

  @Test
  void choosesByAnExpression() {
    assertThat(CpuSuite.full(THREADS).matching("train-.*-t1").names())
        .containsExactly(
            "train-mobilenet-v1-1.0-128-mb128-t1", "train-mobilenet-v1-1.0-128-mb32-t1");
  }

  @Test
  void namesWhatThereIsWhenNothingMatches() {
    assertThatThrownBy(() -> CpuSuite.full(THREADS).matching("nonsense"))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("nonsense")
        .hasMessageContaining("train-mobilenet-v1-1.0-128-mb128-t2");
    assertThatThrownBy(() -> CpuSuite.full(THREADS).matching("("))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("regular expression");
  }
}
