package dev.accrete.cl.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.cl.scenario.Experience;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Parameters.Role;
import dev.accrete.core.op.Selection;
import dev.accrete.core.op.SgdSynaptic.Penalty;
import dev.accrete.nn.Network;
import dev.accrete.nn.NumericalException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Ar1StarTest {
  private static final ImageSet TRAIN = TinyStream.images(TinyStream.CLASSES, 40, 1);
  private static final List<Experience> STREAM =
      TinyStream.experiences(TRAIN, 10, new int[] {0, 3}, new int[] {1}, new int[] {3, 4});

  private final Backend backend = TinyStream.backend();
  private final Network network = TinyStream.network(TinyStream.CLASSES);

  private Strategy create(String name, String... changes) {
    return TinyStream.quick(name, STREAM.size(), changes)
        .create(TinyStream.context(backend, network));
  }

  private MapState after(int experiences, String... changes) {
    try (Strategy strategy = create("ar1-star", changes)) {
      learn(strategy, experiences);
      return MapState.of(strategy);
    }
  }

  private static void learn(Strategy strategy, int experiences) {
    for (Experience experience : STREAM.subList(0, experiences)) {
      strategy.learn(experience, ProgressListener.NONE);
    }
  }

  private static String[] with(Penalty penalty) {
    return new String[] {"si.penalty", penalty.name().toLowerCase(Locale.ROOT).replace('_', '-')};
  }

  private static float[] part(float[] flat, Parameter parameter) {
    return Arrays.copyOfRange(flat, parameter.offset(), parameter.offset() + parameter.size());
  }

  private Parameter parameter(String name) {
    return network.parameters().get(name);
  }

  @ParameterizedTest
  @EnumSource(Penalty.class)
  void freezesFirstAndDepthwiseConvolutionsAfterTheFirstExperience(Penalty penalty) {
    float[] initial = network.initialWeights(7);
    float[] first = after(1, with(penalty)).floats("weights");
    float[] third = after(3, with(penalty)).floats("weights");
    for (Parameter parameter : network.parameters().all()) {
      boolean frozen =
          parameter.role() == Role.DEPTHWISE || parameter.equals(network.firstConvolution());
      assertSame(part(first, parameter), part(initial, parameter), false, parameter.name());
      if (frozen) {
        assertSame(part(third, parameter), part(first, parameter), true, parameter.name());
      } else {
        assertSame(part(third, parameter), part(first, parameter), false, parameter.name());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(value = Penalty.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void importanceIsWithinBoundsAndNeverOnHeadOrNormalization(Penalty penalty) {
    for (int experiences = 1; experiences <= 3; experiences++) {
      MapState state = after(experiences, with(penalty));
      float[] importance = state.floats("importance");
      for (float f : importance) {
        assertThat(f).isBetween(0f, 0.001f);
      }
      for (Parameter parameter : network.parameters().all()) {
        float[] own = part(importance, parameter);
        switch (parameter.role()) {
          case HEAD, NORM_SCALE, NORM_SHIFT -> {
            assertThat(own).as(parameter.name()).containsOnly(0f);
            assertThat(part(state.floats("cumulative"), parameter)).containsOnly(0f);
          }
          case CONVOLUTION -> {
            if (!parameter.equals(network.firstConvolution())) {
              double mean = 0;
              for (float f : own) {
                mean += f / own.length;
              }
              assertThat(mean).as(parameter.name()).isPositive();
            }
          }
          default -> assertThat(own).hasSize(parameter.size());
        }
      }
    }
  }

  @Test
  void frozenParametersKeepTheirCumulativePath() {
    MapState first = after(1);
    MapState third = after(3);
    for (String name : List.of("conv1.weight", "conv2/dw.weight")) {
      assertThat(part(third.floats("cumulative"), parameter(name)))
          .isEqualTo(part(first.floats("cumulative"), parameter(name)));
    }
    assertThat(part(third.floats("cumulative"), parameter("conv2/sep.weight")))
        .isNotEqualTo(part(first.floats("cumulative"), parameter("conv2/sep.weight")));
  }

  @Test
  void aWeightOfFullImportanceNoLongerMoves() {
    MapState first = after(1);
    MapState second = after(2);
    float[] importance = first.floats("importance");
    float[] before = first.floats("weights");
    float[] now = second.floats("weights");
    Parameter pointwise = parameter("conv2/sep.weight");
    int full = 0;
    for (int i = pointwise.offset(); i < pointwise.offset() + pointwise.size(); i++) {
      if (importance[i] == 0.001f) {
        full++;
        assertThat(now[i]).isEqualTo(before[i]);
      }
    }
    assertThat(full).isBetween(1, pointwise.size() - 1);
  }

  @Test
  void bothPenaltiesActFromTheSecondExperienceOn() {
    float[] none = after(1, with(Penalty.NONE)).floats("weights");
    float[] later = after(2, with(Penalty.NONE)).floats("weights");
    for (Penalty penalty : List.of(Penalty.GRADIENT_SCALE, Penalty.QUADRATIC)) {
      assertSame(after(1, with(penalty)).floats("weights"), none, true, "first " + penalty);
      assertSame(after(2, with(penalty)).floats("weights"), later, false, "second " + penalty);
    }
  }

  private static String[] density(String share) {
    return new String[] {"si.density", share};
  }

  @Test
  void withEveryCandidateChosenNothingChanges() {
    MapState dense = after(3);
    // So close to 1 that every candidate is chosen, by way of the sparse operations.
    MapState full = after(3, density("0.99999"));
    assertSame(full.floats("weights"), dense.floats("weights"), true, "full density");
    assertThat(full.floats("importantCumulative")).hasSize(parameter("conv2/sep.weight").size());
    assertThat(after(3, density("1")).floats).containsKeys("importance", "cumulative");
    MapState half = after(3, density("0.5"));
    assertSame(half.floats("weights"), dense.floats("weights"), false, "half density");
    assertThat(half.floats("importantCumulative"))
        .hasSize(parameter("conv2/sep.weight").size() / 2);
    assertThat(half.floats).doesNotContainKeys("importance", "cumulative", "anchors");
  }

  @ParameterizedTest
  @EnumSource(value = Penalty.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void sparseImportanceTakesLessMemory(Penalty penalty) {
    long[] peaks = new long[2];
    for (int i = 0; i < peaks.length; i++) {
      String share = i == 0 ? "1" : "0.1";
      try (Strategy strategy =
          create("ar1-star", "si.density", share, with(penalty)[0], with(penalty)[1])) {
        peaks[i] = strategy.learn(STREAM.get(0), ProgressListener.NONE).peakBytes();
      }
    }
    int weights = network.parameters().size();
    int chosen = Math.round(0.1f * parameter("conv2/sep.weight").size());
    long sparse =
        4L * (Selection.words(weights) + Selection.blocks(weights))
            + 4L * chosen * (penalty == Penalty.QUADRATIC ? 2 : 1);
    // The reference backend's plans also hold copies of their operands, dense or sparse.
    assertThat(peaks[0] - peaks[1]).isGreaterThanOrEqualTo(12L * weights - sparse);
  }

  @Test
  void aStateOfAnotherDensityIsRefused() {
    MapState half = after(1, density("0.5"));
    try (Strategy tenth = create("ar1-star", density("0.1"))) {
      assertThatThrownBy(() -> tenth.restore(half)).isInstanceOf(AccreteException.class);
    }
    MapState inconsistent = after(1, density("0.5"));
    byte[] bits = inconsistent.bytes("importantBits");
    Arrays.fill(bits, (byte) -1);
    inconsistent.bytes.put("importantBits", bits);
    try (Strategy same = create("ar1-star", density("0.5"))) {
      assertThatThrownBy(() -> same.restore(inconsistent))
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("si.density");
    }
  }

  @Test
  void countsRealImagesAndNotTheRowsThatFillAMiniBatch() {
    // 20 images make two mini-batches of 16 and 3 epochs of them.
    assertThat(after(1).floats("past")).containsExactly(10, 0, 0, 10, 0, 0);
    assertThat(after(3).floats("past")).containsExactly(10, 10, 0, 20, 10, 0);
  }

  @Test
  void testsWithTheWholeBankWhichRowsOfAbsentClassesDoNotChange() {
    MapState second = after(2);
    MapState third = after(3);
    Parameter head = network.head();
    assertThat(part(third.floats("weights"), head)).isEqualTo(third.floats("bank"));
    int d = network.featureSize();
    float[] before = second.floats("bank");
    float[] now = third.floats("bank");
    for (int c = 0; c < TinyStream.CLASSES; c++) {
      float[] oldRow = Arrays.copyOfRange(before, c * d, (c + 1) * d);
      float[] newRow = Arrays.copyOfRange(now, c * d, (c + 1) * d);
      if (c == 3 || c == 4) {
        assertThat(newRow).as("class " + c).isNotEqualTo(oldRow);
      } else {
        assertThat(newRow).as("class " + c).isEqualTo(oldRow);
      }
    }
  }

  @Test
  void theControlIsRenormalizationWithNothingToCorrect() {
    MapState limits =
        after(
            3,
            "first.r-max", "1", "first.d-max", "0", "later.r-max", "1", "later.d-max", "0");
    try (Strategy control = create("ar1-star-bn")) {
      learn(control, 3);
      MapState state = MapState.of(control);
      state.floats.forEach(
          (name, values) -> assertThat(values).as(name).isEqualTo(limits.floats(name)));
      assertThat(state.floats("weights")).isNotEqualTo(after(3).floats("weights"));
    }
  }

  @Test
  void flipsAreReproducibleAndOffByDefault() {
    String[] flips = {"augment", "true"};
    float[] weights = after(2, flips).floats("weights");
    assertThat(after(2, flips).floats("weights")).isEqualTo(weights);
    assertThat(after(2).floats("weights")).isNotEqualTo(weights);
  }

  @Test
  void aLossThatIsNoNumberIsLocated() {
    MapState spoilt = after(1);
    float[] weights = spoilt.floats("weights");
    weights[parameter("conv2/sep.weight").offset()] = Float.NaN;
    spoilt.floats.put("weights", weights);
    try (Strategy strategy = create("ar1-star")) {
      strategy.restore(spoilt);
      assertThatThrownBy(() -> strategy.learn(STREAM.get(1), ProgressListener.NONE))
          .isInstanceOf(NumericalException.class)
          .hasMessageContaining("experience 2, epoch 1, step 1")
          .hasMessageContaining("learning rate");
    }
  }

  /** Fails without printing thousands of numbers. */
  private static void assertSame(float[] actual, float[] expected, boolean same, String what) {
    assertThat(Arrays.equals(actual, expected)).as(what + " is unchanged").isEqualTo(same);
  }
}
