package dev.accrete.cl.run.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.cl.run.StrategyInfo;
import dev.accrete.cl.run.StrategyInfo.Role;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CastTest {
  private static final Map<String, StrategyInfo> KNOWN =
      Map.of(
          "ours", new StrategyInfo("ours", "Ours & others", 4, Role.LEARNER, 0),
          "plain", new StrategyInfo("plain", "Plain", 0, Role.FINE_TUNING, 60),
          "again", new StrategyInfo("again", "Again", 1, Role.RETRAINING, 90));

  @Test
  void labelsAndColoursAreThoseHandedIn() {
    Cast cast = new Cast(List.of("again", "ours"), KNOWN);
    assertThat(cast.look("ours").dot()).contains("bg4", "Ours &amp; others");
    assertThat(cast.look("again")).isEqualTo(new Look("Again", 1));
    assertThat(cast.first(Role.RETRAINING)).contains("again");
    assertThat(cast.first(Role.FINE_TUNING)).isEmpty();
  }

  @Test
  void aStrategyNobodyKnowsHasItsNameAndAColourOfItsOwn() {
    Cast cast = new Cast(List.of("new", "plain", "newer", "again"), KNOWN);
    assertThat(List.of("new", "plain", "newer", "again"))
        .extracting(name -> cast.look(name).colour())
        .doesNotHaveDuplicates();
    assertThat(cast.look("new").name()).isEqualTo("new");
    assertThat(cast.lead()).isEqualTo("new");
  }

  @Test
  void ofTwoWithOneColourTheSecondHasAnother() {
    Map<String, StrategyInfo> alike =
        Map.of(
            "one", new StrategyInfo("one", "One", 7, Role.LEARNER, 0),
            "two", new StrategyInfo("two", "Two", 7, Role.LEARNER, 1),
            "nil", new StrategyInfo("nil", "Nil", 0, Role.LEARNER, 2));
    Cast cast = new Cast(List.of("one", "two", "nil"), alike);
    assertThat(cast.look("one").colour()).isEqualTo(7);
    assertThat(cast.look("nil").colour()).isZero();
    assertThat(cast.look("two")).isEqualTo(new Look("Two", 1));
  }

  @Test
  void theLeaderIsTheOneWithTheSmallestNumber() {
    assertThat(new Cast(List.of("plain", "again", "ours"), KNOWN).lead()).isEqualTo("ours");
    assertThat(new Cast(List.of("again", "plain"), KNOWN).lead()).isEqualTo("plain");
    assertThat(new Cast(List.of("again"), KNOWN).lead()).isEqualTo("again");
  }
}
