package dev.accrete.nn.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.AccreteException;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OnnxGraphTest {
  @Test
  void moreThanProtobufHoldsIsRefusedBeforeItIsCopied() {
    OnnxGraph graph = new OnnxGraph("huge of 3 classes");
    // Were it copied, there would be an exception of an array too short, or out of memory.
    assertThatThrownBy(() -> graph.floats("weight", new float[1], 0, 1 << 15, 1 << 15))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("huge of 3 classes takes 4294967296 bytes")
        .hasMessageContaining("at most 2147483647")
        .hasMessageContaining("safetensors");
  }

  @Test
  void theSumOfAllPartsCounts() {
    OnnxGraph graph = new OnnxGraph("model", 1000);
    graph.floats("first", new float[100], 0, 100);
    graph.floats("second", new float[100], 0, 10, 10);
    assertThatThrownBy(() -> graph.floats("third", new float[100], 0, 100))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("1200 bytes");
  }

  @Test
  void whatStandsBesideTheNumbersCountsToo() {
    OnnxGraph graph = new OnnxGraph("model", 1000);
    graph.floats("first", new float[200], 0, 200);
    assertThatCode(() -> graph.model("m", Collections.emptySortedMap())).doesNotThrowAnyException();
    TreeMap<String, String> metadata = new TreeMap<>();
    metadata.put("classes", "x".repeat(300));
    assertThatThrownBy(() -> graph.model("m", metadata)).isInstanceOf(AccreteException.class);
  }

  @Test
  void namesAreGivenOnce() {
    OnnxGraph graph = new OnnxGraph("model");
    graph.output("scores", OnnxType.FLOAT, "", 1);
    assertThat(graph.floats("scores", new float[1], 0, 1)).isEqualTo("scores_2");
    assertThat(graph.node("a", "Relu", List.of("scores_2"))).isEqualTo("a:Relu");
    assertThat(graph.node("a", "Relu", List.of("a:Relu"))).isEqualTo("a:Relu_2");
    assertThat(graph.scalar(2)).isEqualTo(graph.scalar(2)).isNotEqualTo(graph.scalar(3));
    assertThat(graph.integers(2, 3)).isEqualTo(graph.integers(2, 3));
  }
}
