package dev.accrete.kernels;

import static dev.accrete.kernels.TestBackends.floats;
import static dev.accrete.kernels.TestBackends.run;
import static dev.accrete.kernels.TestBackends.scalar;
import static dev.accrete.kernels.TestBackends.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.accrete.core.Backend;
import dev.accrete.core.Shape;
import dev.accrete.core.op.ConsolidateHead;
import dev.accrete.core.op.LoadHead;
import dev.accrete.core.op.SgdSynaptic;
import dev.accrete.core.op.SgdSynaptic.Penalty;
import dev.accrete.core.op.SgdSynaptic.Segment;
import dev.accrete.core.op.SgdSynaptic.Trajectory;
import dev.accrete.core.op.SynapticImportance;
import dev.accrete.core.op.SynapticImportance.Range;
import dev.accrete.kernels.spec.HostTensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The update, importance and the CWR head, computed by hand. */
@OnEveryBackend
class UpdateGoldenTest {
  private final Backend backend;

  UpdateGoldenTest(Backend backend) {
    this.backend = backend;
  }

  private static void assertClose(float[] actual, double... expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).as("element %d", i).isCloseTo((float) expected[i], within(1e-6f));
    }
  }

  /** A synaptic element, one that is not, and a frozen one; learning rate 0.1, multiplier 2. */
  private static SgdSynaptic step(Penalty penalty, Trajectory trajectory, boolean nesterov) {
    List<Segment> segments =
        List.of(new Segment(0, 1, 2, 0.5f, true), new Segment(1, 1, 2, 0, false));
    return new SgdSynaptic(segments, 0.5f, nesterov, penalty, 0.8f, 3, trajectory);
  }

  private static final HostTensor RATE = scalar(0.1);
  private static final HostTensor WEIGHTS = vector(2, 2, 2);
  private static final HostTensor GRADIENTS = vector(1, 1, 1);
  private static final HostTensor MOMENTUM = vector(0.4, 0.4, 0.4);
  private static final HostTensor TRAJECTORY = vector(7, 7, 7);
  private static final HostTensor IMPORTANCE = vector(0.2, 0.2, 0.2);
  private static final HostTensor ANCHORS = vector(1.5, 1.5, 1.5);

  @Test
  void decaysWeightsAndKeepsMomentum() {
    // u = 1 + 0.5 * 2 and 1; v = 0.5 * 0.4 + 0.2 * u.
    List<float[]> results =
        run(
            backend,
            step(Penalty.NONE, Trajectory.TASK_GRADIENT, false),
            RATE,
            WEIGHTS,
            GRADIENTS,
            MOMENTUM,
            TRAJECTORY);
    assertClose(results.get(0), 1.4, 1.6, 2);
    assertClose(results.get(1), 0.6, 0.4, 0.4);
    assertClose(results.get(2), 7 - 0.6, 7, 7);
  }

  @Test
  void looksAheadWithNesterov() {
    // step = 0.5 * v + 0.2 * u; the solver's own step in the path integral.
    List<float[]> results =
        run(
            backend,
            step(Penalty.NONE, Trajectory.SOLVER_UPDATE, true),
            RATE,
            WEIGHTS,
            GRADIENTS,
            MOMENTUM,
            TRAJECTORY);
    assertClose(results.get(0), 2 - 0.7, 2 - 0.4, 2);
    assertClose(results.get(1), 0.6, 0.4, 0.4);
    assertClose(results.get(2), 7 - 0.49, 7, 7);
  }

  @Test
  void importanceScalesTheGradient() {
    // u = (1 + 1) * (1 - 0.2 / 0.8) for the synaptic element alone.
    List<float[]> results =
        run(
            backend,
            step(Penalty.GRADIENT_SCALE, Trajectory.TASK_GRADIENT, false),
            RATE,
            WEIGHTS,
            GRADIENTS,
            MOMENTUM,
            TRAJECTORY,
            IMPORTANCE);
    assertClose(results.get(0), 1.5, 1.6, 2);
    assertClose(results.get(1), 0.5, 0.4, 0.4);
    assertClose(results.get(2), 6.5, 7, 7);
  }

  @Test
  void importancePullsTowardsTheAnchor() {
    // u = 1 + 1 + 3 * 0.2 * (2 - 1.5) for the synaptic element alone.
    List<float[]> results =
        run(
            backend,
            step(Penalty.QUADRATIC, Trajectory.TASK_GRADIENT, false),
            RATE,
            WEIGHTS,
            GRADIENTS,
            MOMENTUM,
            TRAJECTORY,
            IMPORTANCE,
            ANCHORS);
    assertClose(results.get(0), 2 - 0.66, 1.6, 2);
    assertClose(results.get(1), 0.66, 0.4, 0.4);
    assertClose(results.get(2), 7 - 0.66, 7, 7);
  }

  @Test
  void importanceIsClampedAndTheTrajectoryStartsAnew() {
    SynapticImportance op = new SynapticImportance(List.of(new Range(0, 3)), 0.5f, 0.25f, 0.4f);
    List<float[]> results =
        run(
            backend,
            op,
            vector(1.5, 1, 1, 9),
            vector(1, 1, 1, 8),
            vector(-0.2, -5, 0.3, -1),
            vector(-0.1, 0, 0.1, -3));
    // 0.5 * -0.2 / (0.25 + 0.25) = -0.2; 0.5 * -5 / 0.25 = -10; 0.5 * 0.3 / 0.25 = 0.6.
    assertClose(results.get(0), 0.3, 0.4, 0, 0);
    assertClose(results.get(1), -0.3, -10, 0.7, -3);
    assertClose(results.get(2), 0, 0, 0, 0);
    assertClose(results.get(3), 1.5, 1, 1, 9);
  }

  /** Three classes of two weights: the first new, the second absent, the third seen before. */
  private List<float[]> consolidate(ConsolidateHead.Rule rule) {
    return run(
        backend,
        new ConsolidateHead(rule),
        floats(Shape.of(3, 2), 1, 3, 100, 100, 5, 7),
        vector(10, 0, 5),
        floats(Shape.of(3, 2), 50, 50, 8, 9, 6, -3),
        vector(0, 4, 20));
  }

  @Test
  void cwrStarWeighsByImagesSeen() {
    // The mean of all weights present is 4; past / current is 0 and 4, its root 0 and 2.
    List<float[]> results = consolidate(ConsolidateHead.Rule.CWR_STAR);
    assertClose(results.get(0), -3, -1, 8, 9, 13.0 / 3, -1);
    assertClose(results.get(1), 10, 4, 25);
  }

  @Test
  void cwrPlusReplaces() {
    List<float[]> results = consolidate(ConsolidateHead.Rule.CWR_PLUS);
    assertClose(results.get(0), -3, -1, 8, 9, 1, 3);
    assertClose(results.get(1), 10, 4, 25);
  }

  @Test
  void nothingPresentChangesNothing() {
    List<float[]> results =
        run(
            backend,
            new ConsolidateHead(ConsolidateHead.Rule.CWR_STAR),
            floats(Shape.of(2, 1), 1, 2),
            vector(0, 0),
            floats(Shape.of(2, 1), 3, 4),
            vector(0, 5));
    assertClose(results.get(0), 3, 4);
    assertClose(results.get(1), 0, 5);
  }

  @Test
  void loadsRowsOfClassesPresent() {
    float[] weights =
        run(backend, new LoadHead(), floats(Shape.of(3, 2), 1, 2, 3, 4, 5, 6), vector(7, 0, 1))
            .get(0);
    assertClose(weights, 1, 2, 0, 0, 5, 6);
  }
}
