package dev.accrete.cl.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.AccreteException;
import dev.accrete.core.op.SgdSynaptic;
import dev.accrete.nn.NormKind;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HyperparametersTest {
  @Test
  void everyStrategyStartsWithThePublishedFirstExperience() {
    for (String name : Strategies.names()) {
      Hyperparameters settings = Hyperparameters.defaults(name, 391);
      assertThat(settings.first()).isEqualTo(new Phase(4, 1e-3f, 1f, 3f, 5f, 0.99f));
      assertThat(settings.miniBatch()).isEqualTo(128);
      assertThat(settings.momentum()).isEqualTo(0.9f);
      assertThat(settings.weightDecay()).isEqualTo(5e-4f);
      assertThat(settings.augment()).isFalse();
    }
  }

  @Test
  void laterExperiencesDifferByStrategy() {
    Phase ar1 = Hyperparameters.defaults(Strategies.AR1_STAR, 391).later();
    Phase cwr = Hyperparameters.defaults(Strategies.CWR_STAR, 391).later();
    Phase naive = Hyperparameters.defaults(Strategies.NAIVE, 391).later();
    assertThat(ar1).isEqualTo(new Phase(4, 1e-4f, 10f, 1.5f, 2.5f, 0.9999f));
    assertThat(cwr).isEqualTo(new Phase(4, 1e-3f, 1f, 1.5f, 2.5f, 0.9999f));
    assertThat(naive).isEqualTo(new Phase(2, 3.5e-5f, 1f, 1.5f, 2.5f, 0.9999f));
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
  void limitsAreThoseOfTheNearestPublishedStream(int experiences, float rMax, float dMax) {
    Phase later = Hyperparameters.defaults(Strategies.AR1_STAR, experiences).later();
    assertThat(later.rMax()).isEqualTo(rMax);
    assertThat(later.dMax()).isEqualTo(dMax);
  }

  @Test
  void synapticIntelligenceIsOnInAr1AndNowhereElse() {
    for (String name : Strategies.names()) {
      SynapticSettings synaptic = Hyperparameters.defaults(name, 79).synaptic();
      boolean ar1 = name.startsWith("ar1-star");
      assertThat(synaptic.penalty())
          .as(name)
          .isEqualTo(ar1 ? SgdSynaptic.Penalty.GRADIENT_SCALE : SgdSynaptic.Penalty.NONE);
      assertThat(synaptic.trajectory()).isEqualTo(SgdSynaptic.Trajectory.TASK_GRADIENT);
      assertThat(synaptic.scale()).isEqualTo(0.5f);
      assertThat(synaptic.max()).isEqualTo(0.001f);
      assertThat(synaptic.damping()).isEqualTo(1e-7f);
    }
  }

  @Test
  void theControlDiffersFromAr1InItsNormalizationAlone() {
    Hyperparameters control = Hyperparameters.defaults(Strategies.AR1_STAR_BN, 391);
    assertThat(control.norm()).isEqualTo(NormKind.BATCH);
    assertThat(control.toBuilder().norm(NormKind.RENORM).build())
        .isEqualTo(Hyperparameters.defaults(Strategies.AR1_STAR, 391));
  }

  @Test
  void everySettingCanBeWrittenAndReadBack() {
    for (String name : Strategies.names()) {
      Hyperparameters settings = Hyperparameters.defaults(name, 391);
      Hyperparameters copy = Hyperparameters.defaults(Strategies.NAIVE, 79);
      // full-step must stay above plain-steps on the way, which equal values guarantee here.
      for (Map.Entry<String, String> entry : settings.toMap().entrySet()) {
        copy = copy.with(entry.getKey(), entry.getValue());
      }
      assertThat(copy).isEqualTo(settings);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "mini-batch,32",
    "first.epochs,2",
    "later.learning-rate,3.0E-4",
    "later.r-max,2.0",
    "norm,batch",
    "si.penalty,quadratic",
    "si.strength,0.5",
    "si.density,0.1",
    "si.selection,layer",
    "si.sparse,magnitude",
    "head-rule,cwr-plus",
    "augment,true",
    "cumulative.max-epochs,7",
    "'cumulative.at','1,50,391'",
    "slda.shrinkage,0.01"
  })
  void oneSettingChangesByName(String key, String value) {
    Hyperparameters settings = Hyperparameters.defaults(Strategies.AR1_STAR, 391);
    Map<String, String> before = settings.toMap();
    Map<String, String> after = settings.with(key, value).toMap();
    assertThat(after.get(key)).isEqualTo(value).isNotEqualTo(before.get(key));
    after.put(key, before.getOrDefault(key, ""));
    assertThat(after).isEqualTo(before);
  }

  @Test
  void anUnknownSettingIsAnsweredWithThoseThereAre() {
    assertThatThrownBy(() -> Hyperparameters.defaults(Strategies.SLDA, 79).with("lr", "1"))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("'lr'")
        .hasMessageContaining("later.learning-rate")
        .hasMessageContaining("slda.shrinkage");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mini-batch=0",
        "mini-batch=many",
        "first.r-max=0.5",
        "later.averaging=1.5",
        "later.learning-rate=NaN",
        "momentum=1",
        "norm=fixed",
        "si.penalty=l2",
        "si.max=0",
        "si.density=0",
        "si.density=1.5",
        "si.sparse=best",
        "full-step=48",
        "augment=yes",
        "cumulative.at=0",
        "cumulative.at=1;2",
        "slda.shrinkage=0"
      })
  void aValueOutOfRangeIsRefusedWithTheSettingNamed(String assignment) {
    String[] parts = assignment.split("=", 2);
    assertThatThrownBy(
            () -> Hyperparameters.defaults(Strategies.AR1_STAR, 79).with(parts[0], parts[1]))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("setting " + parts[0])
        .hasMessageContaining("'" + parts[1] + "'");
  }

  @Test
  void anUnknownStrategyIsAnsweredWithThoseThereAre() {
    assertThatThrownBy(() -> Hyperparameters.defaults("ewc", 79))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("'ewc'")
        .hasMessageContaining("cwr-star");
  }

  @Test
  void retrainingRisesFromTheFirstToTheLastEpochs() {
    Retraining schedule = Retraining.PUBLISHED;
    assertThat(schedule.epochs(0, 4, 391)).isEqualTo(4);
    assertThat(schedule.epochs(195, 4, 391)).isEqualTo(27);
    assertThat(schedule.epochs(390, 4, 391)).isEqualTo(50);
    assertThat(schedule.epochs(0, 4, 1)).isEqualTo(4);
    double mean = 0;
    for (int t = 0; t < 391; t++) {
      mean += schedule.epochs(t, 4, 391) / 391.0;
    }
    assertThat(mean).isBetween(26.9, 27.1);
  }

  @Test
  void retrainingCanBeCappedAndSampled() {
    Retraining schedule = new Retraining(50, 10, java.util.List.of(391, 1, 50, 1));
    assertThat(schedule.epochs(390, 4, 391)).isEqualTo(10);
    assertThat(schedule.at()).containsExactly(1, 50, 391);
    assertThat(schedule.trainsAt(0)).isTrue();
    assertThat(schedule.trainsAt(1)).isFalse();
    assertThat(schedule.trainsAt(49)).isTrue();
    assertThat(schedule.trainsAt(390)).isTrue();
  }
}
