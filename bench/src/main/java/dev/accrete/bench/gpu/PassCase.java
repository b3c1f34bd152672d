package dev.accrete.bench.gpu;

import dev.accrete.core.op.ConsolidateHead;
import dev.accrete.nn.Learner;

/**
 * A NICv2-391 pass without its images' way to the device: one portion is one experience of AR1*,
 * four epochs of three mini-batches that lie on the device, with everything that AR1* does between
 * experiences.
 */
final class PassCase extends StepCase {
  /** How many experiences make the pass. */
  static final int EXPERIENCES = 391;

  private static final int EPOCHS = 4;

  /** 300 images in mini-batches of 128. */
  private static final int STEPS = 3;

  private static final float IMAGES = 300;
  private static final float SCALE = 0.5f;
  private static final float DAMPING = 1e-7f;
  private static final float LARGEST = 1e-3f;

  private final Learner learner;
  private final int experiences;
  private int learned;

  PassCase(GpuBench bench, GpuCases.Size size) {
    super(bench, StepKind.AR1_STAR, size);
    learner = step().learner();
    experiences = size.experiences();
  }

  /** One experience: its class is another each time. */
  @Override
  public void launch() {
    float[] current = new float[learner.network().classes()];
    current[learned++ % current.length] = IMAGES;
    learner.loadHead(current);
    learner.beginExperience();
    learner.resetMomentum();
    for (int i = 0; i < EPOCHS * STEPS; i++) {
      super.launch();
    }
    learner.updateImportance(
        SCALE, DAMPING, LARGEST, p -> StepKind.isSynaptic(learner.network(), p));
    learner.consolidateHead(ConsolidateHead.Rule.CWR_STAR, current);
  }

  @Override
  public int samples(int usual) {
    return experiences;
  }

  @Override
  public long operations() {
    return EPOCHS * STEPS * super.operations();
  }
}
