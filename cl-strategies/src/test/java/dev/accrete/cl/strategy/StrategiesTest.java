package dev.accrete.cl.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.cl.settings.Schema;
import dev.accrete.core.AccreteException;
import dev.accrete.nn.NormKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Strategies by name, and their settings. */
class StrategiesTest {
  private static Map<String, String> settings(String strategy, int horizon) {
    return Strategies.configure(strategy, horizon).toMap();
  }

  @Test
  void theProvidersOfThisLibraryAreFound() {
    assertThat(Strategies.names())
        .startsWith(
            "ar1-star",
            "ar1-free",
            "cwr-star",
            "naive",
            "cumulative",
            "joint",
            "tuned-analytic",
            "slda",
            "ar1-star-bn");
    Strategies.providers()
        .values()
        .forEach(provider -> assertThat(provider.description()).isNotBlank());
  }

  /** All but joint training, which was never published and is tuned. */
  @Test
  void everyTrainedStrategyStartsWithThePublishedFirstExperience() {
    for (String name : Strategies.names().stream().filter(n -> !n.equals("joint")).toList()) {
      Map<String, String> settings = settings(name, 391);
      if (settings.containsKey("first.epochs")) {
        assertThat(settings)
            .containsEntry("first.epochs", "4")
            .containsEntry("first.learning-rate", "0.001")
            .containsEntry("first.r-max", "3.0")
            .containsEntry("first.d-max", "5.0")
            .containsEntry("first.averaging", "0.99")
            .containsEntry("mini-batch", "128")
            .containsEntry("momentum", "0.9")
            .containsEntry("weight-decay", "5.0E-4")
            .containsEntry("augment", "false");
      }
    }
  }

  @Test
  void laterExperiencesDifferByStrategy() {
    assertThat(new Ar1Star().defaults(391).later())
        .isEqualTo(new Phase(4, 1e-4f, 10f, 1.5f, 2.5f, 0.9999f));
    assertThat(new Ar1Free().defaults(391).later())
        .isEqualTo(new Phase(4, 3e-4f, 10f, 1.5f, 2.5f, 0.99995f));
    assertThat(new CwrStar().defaults(391).later())
        .isEqualTo(new Phase(4, 1e-3f, 1f, 1.5f, 2.5f, 0.9999f));
    assertThat(new Naive().defaults(391).later())
        .isEqualTo(new Phase(2, 3.5e-5f, 1f, 1.5f, 2.5f, 0.9999f));
  }

  @ParameterizedTest
  @CsvSource({
    "79,1.25,0.5",
    "196,1.25,0.5",
    "391,1.5,2.5",
    "40,1.25,0.5",
    "290,1.25,0.5",
    "300,1.5,2.5",
    "1000,1.5,2.5"
  })
  void limitsAreThoseOfTheNearestPublishedStream(int horizon, float rMax, float dMax) {
    Phase later = new Ar1Star().defaults(horizon).later();
    assertThat(later.rMax()).isEqualTo(rMax);
    assertThat(later.dMax()).isEqualTo(dMax);
  }

  @Test
  void synapticIntelligenceIsAsPublished() {
    assertThat(settings("ar1-star", 79))
        .containsEntry("si.penalty", "gradient-scale")
        .containsEntry("si.trajectory", "task-gradient")
        .containsEntry("si.scale", "0.5")
        .containsEntry("si.max", "0.001")
        .containsEntry("si.damping", "1.0E-7")
        .containsEntry("si.density", "1.0");
    assertThat(settings("naive", 79)).doesNotContainKey("si.penalty");
  }

  @Test
  void theControlDiffersFromAr1InItsNormalizationAlone() {
    Ar1Star.Settings control = new Ar1StarBatchNorm().defaults(391);
    assertThat(control.solver().norm()).isEqualTo(NormKind.BATCH);
    assertThat(Schema.change(control, "norm", "renorm")).isEqualTo(new Ar1Star().defaults(391));
  }

  @Test
  void everySettingCanBeWrittenAndReadBack() {
    for (String name : Strategies.names()) {
      ConfiguredStrategy<?> configured = Strategies.configure(name, 391);
      ConfiguredStrategy<?> copy = Strategies.configure(name, 79).with(configured.toMap());
      assertThat(copy.settings()).isEqualTo(configured.settings());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ar1-star,mini-batch,32",
    "ar1-star,first.epochs,2",
    "ar1-star,later.learning-rate,3.0E-4",
    "ar1-star,later.r-max,2.0",
    "ar1-star,norm,batch",
    "ar1-star,si.penalty,quadratic",
    "ar1-star,si.strength,0.5",
    "ar1-star,si.density,0.1",
    "ar1-star,si.selection,layer",
    "ar1-star,si.sparse,magnitude",
    "ar1-star,head-rule,cwr-plus",
    "ar1-star,augment,true",
    "cumulative,cumulative.max-epochs,7",
    "cumulative,'cumulative.at','1,50,391'",
    "cumulative,cumulative.horizon,50",
    "ar1-free,replay.storage,u8",
    "slda,slda.shrinkage,0.01"
  })
  void oneSettingChangesByName(String strategy, String key, String value) {
    ConfiguredStrategy<?> configured = Strategies.configure(strategy, 391);
    Map<String, String> before = configured.toMap();
    Map<String, String> after = new LinkedHashMap<>(configured.with(Map.of(key, value)).toMap());
    assertThat(after.get(key)).isEqualTo(value).isNotEqualTo(before.get(key));
    after.put(key, before.getOrDefault(key, ""));
    assertThat(after).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ar1-star:mini-batch=0",
        "ar1-star:mini-batch=many",
        "ar1-star:first.r-max=0.5",
        "ar1-star:later.averaging=1.5",
        "ar1-star:later.learning-rate=NaN",
        "ar1-star:later.learning-rate=Infinity",
        "ar1-star:weight-decay=-5",
        "ar1-star:momentum=1",
        "ar1-star:norm=fixed",
        "ar1-star:si.penalty=l2",
        "ar1-star:si.max=0",
        "ar1-star:si.density=0",
        "ar1-star:si.density=1.5",
        "ar1-star:si.sparse=best",
        "ar1-star:augment=yes",
        "cumulative:cumulative.at=0",
        "cumulative:cumulative.at=1;2",
        "slda:slda.shrinkage=0"
      })
  void aValueOutOfRangeIsRefusedWithTheSettingNamed(String assignment) {
    String strategy = assignment.substring(0, assignment.indexOf(':'));
    String[] parts = assignment.substring(strategy.length() + 1).split("=", 2);
    assertThatThrownBy(() -> configure(List.of(strategy), assignment))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining(strategy + ": setting " + parts[0])
        .hasMessageContaining("'" + parts[1] + "'");
  }

  private static List<ConfiguredStrategy<?>> configure(List<String> names, String... changes) {
    Map<String, String> map = new LinkedHashMap<>();
    for (String change : changes) {
      int equals = change.indexOf('=');
      map.put(change.substring(0, equals), change.substring(equals + 1));
    }
    return Strategies.configure(names, 391, map);
  }

  private static String value(ConfiguredStrategy<?> strategy, String name) {
    return strategy.toMap().getOrDefault(name, "none");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theSpecificSettingWinsInAnyOrder(boolean generalFirst) {
    String general = "mini-batch=24";
    String specific = "cumulative:mini-batch=128";
    List<ConfiguredStrategy<?>> both =
        generalFirst
            ? configure(List.of("naive", "cumulative"), general, specific)
            : configure(List.of("naive", "cumulative"), specific, general);
    assertThat(value(both.get(0), "mini-batch")).isEqualTo("24");
    assertThat(value(both.get(1), "mini-batch")).isEqualTo("128");
  }

  @Test
  void settingsThatConstrainEachOtherAreCheckedTogether() {
    ConfiguredStrategy<?> naive =
        configure(List.of("naive"), "plain-steps=0", "full-step=1").getFirst();
    assertThat(value(naive, "full-step")).isEqualTo("1");
    assertThatThrownBy(() -> configure(List.of("naive"), "full-step=48"))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("full-step is 48, must be above plain-steps 48");
  }

  @Test
  void aGeneralSettingIsForThoseThatHaveIt() {
    List<ConfiguredStrategy<?>> both = configure(List.of("naive", "slda"), "mini-batch=16");
    assertThat(value(both.get(0), "mini-batch")).isEqualTo("16");
    assertThat(value(both.get(1), "mini-batch")).isEqualTo("none");
  }

  @ParameterizedTest
  @CsvSource({
    "ar1_star:mini-batch=4,these do: naive",
    "slda:replay.memory=300,these do: naive",
    "naive:replay.memory=300,'naive: there is no setting ''replay.memory'''",
    "replay.memory=300,no strategy of naive",
    "lr=1,later.learning-rate"
  })
  void aSettingNobodyOwnsIsAnErrorThatNamesTheRightOnes(String change, String message) {
    assertThatThrownBy(() -> configure(List.of("naive"), change))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining(message);
  }

  @Test
  void anUnknownStrategyIsAnsweredWithThoseThereAre() {
    assertThatThrownBy(() -> Strategies.configure("lwf", 79))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("'lwf'")
        .hasMessageContaining("cwr-star");
  }

  @Test
  void settingsMadeByAProgramAreCheckedToo() {
    Slda slda = new Slda();
    assertThatThrownBy(() -> new ConfiguredStrategy<>(slda, new Slda.Settings(16, 2)))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("slda.shrinkage is 2.0");
  }

  @Test
  void retrainingRisesFromTheFirstToTheLastEpochs() {
    Retraining schedule = Retraining.published(391);
    assertThat(schedule.epochs(0, 4)).isEqualTo(4);
    assertThat(schedule.epochs(195, 4)).isEqualTo(27);
    assertThat(schedule.epochs(390, 4)).isEqualTo(50);
    assertThat(schedule.epochs(1000, 4)).isEqualTo(50);
    assertThat(Retraining.published(1).epochs(0, 4)).isEqualTo(4);
    double mean = 0;
    for (int t = 0; t < 391; t++) {
      mean += schedule.epochs(t, 4) / 391.0;
    }
    assertThat(mean).isBetween(26.9, 27.1);
  }

  @Test
  void retrainingCanBeCappedAndSampled() {
    Retraining schedule = new Retraining(50, 10, List.of(391, 1, 50, 1), 391, Annealing.CONSTANT);
    assertThat(schedule.epochs(390, 4)).isEqualTo(10);
    assertThat(schedule.at()).containsExactly(1, 50, 391);
    assertThat(schedule.trainsAt(0)).isTrue();
    assertThat(schedule.trainsAt(1)).isFalse();
    assertThat(schedule.trainsAt(49)).isTrue();
    assertThat(schedule.trainsAt(390)).isTrue();
  }
}
