package dev.accrete.bench.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.accrete.bench.work.Machine;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CpuReportTest {
  private static final SortedMap<Integer, Double> LIMITS = new TreeMap<>();

  static {
    LIMITS.put(2, 200.0);
  }

  static CpuReport report(String note, CpuCase... cases) {
    Machine machine = new Machine("a <fast> one", 2, "Linux", "a JVM");
    return new CpuReport(machine, "full", 3, LIMITS, List.of(cases), List.of(note));
  }

  @Test
  void ratioIsPeerOverOurs() {
    CpuCase one =
        new CpuCase(
            "train-x-t2",
            List.of(Samples.round(10, 15), Samples.round(20, 20), Samples.round(40, 120)),
            200);
    assertThat(one.oursMs()).isEqualTo(20);
    CpuCase.Peer peer = one.peer().orElseThrow();
    assertThat(peer.millis()).isEqualTo(20);
    assertThat(peer.ratio()).isEqualTo(1);
    assertThat(peer.ratios()).containsExactly(1.5, 1.0, 3.0);
    // 2 x 0.5 G operations in 20 ms.
    assertThat(one.gflops()).isEqualTo(50, within(1e-9));
    assertThat(one.limitShare()).isEqualTo(0.25, within(1e-9));
    assertThat(one.samples()).isEqualTo(3);
    assertThat(one.stolen()).isZero();
    assertThat(one.oursPeakMib()).isEqualTo(100);
    assertThat(peer.peakMib()).isEqualTo(300);
  }

  @Test
  void aPeerThatGaveUpCountsWhereItTookPart() {
    CpuCase one = new CpuCase("op-x", List.of(Samples.round(10, 30), Samples.alone(10)), 0);
    assertThat(one.peer().orElseThrow().millis()).isEqualTo(30);
    assertThat(one.peer().orElseThrow().ratios()).hasSize(1);
    assertThat(one.limitShare()).isZero();
  }

  @Test
  void refusesACaseWithoutRounds() {
    assertThatThrownBy(() -> new CpuCase("op-x", List.of(), 0)).hasMessageContaining("no rounds");
  }

  @Test
  void isTheJsonThatWasAgreedOn() {
    JsonNode json =
        report(
                "a note",
                new CpuCase("train-x-t2", List.of(Samples.round(10, 15)), 200),
                new CpuCase("train-y-t2", List.of(Samples.alone(10)), 200))
            .toJson();
    assertThat(json.path("schema").asInt()).isEqualTo(1);
    assertThat(json.path("machine").path("processors").asInt()).isEqualTo(2);
    assertThat(json.path("notes").path(0).asText()).isEqualTo("a note");
    assertThat(json.path("multiplyAddGflops").path("2").asDouble()).isEqualTo(200);
    JsonNode both = json.path("cases").path(0);
    assertThat(both.path("name").asText()).isEqualTo("train-x-t2");
    assertThat(both.path("oursMs").asDouble()).isEqualTo(10);
    assertThat(both.path("peer").asText()).isEqualTo("peer");
    assertThat(both.path("peerMs").asDouble()).isEqualTo(15);
    assertThat(both.path("ratio").asDouble()).isEqualTo(1.5);
    assertThat(both.path("gflops").asDouble()).isEqualTo(100, within(1e-9));
    assertThat(both.path("limitShare").asDouble()).isEqualTo(0.5, within(1e-9));
    assertThat(both.path("samples").asInt()).isEqualTo(1);
    JsonNode alone = json.path("cases").path(1);
    assertThat(alone.has("oursMs")).isTrue();
    assertThat(List.of("peer", "peerMs", "ratio", "peerPeakMiB", "roundRatios"))
        .noneMatch(alone::has);
  }

  @Test
  void thePageEscapesWhatItShows() {
    String page =
        CpuHtml.of(
            report(
                "a <b>note</b> & \"more\"",
                new CpuCase("train-<i>x</i>-t2", List.of(Samples.round(10, 15)), 200)));
    assertThat(page)
        .contains("a &lt;fast&gt; one")
        .contains("a &lt;b&gt;note&lt;/b&gt; &amp; &quot;more&quot;")
        .contains("train-&lt;i&gt;x&lt;/i&gt;-t2")
        .contains("1.50 <span class=\"bar\"")
        .doesNotContain("<i>x")
        .doesNotContain("<script")
        .doesNotContain("src=");
  }

  @Test
  void thePageShowsEveryCaseOfEverySection() {
    for (String name : CpuSuite.full(List.of(2, 1)).names()) {
      String page = CpuHtml.of(report("", new CpuCase(name, List.of(Samples.alone(1)), 0)));
      assertThat(page).contains(name).contains("none");
    }
  }
}
