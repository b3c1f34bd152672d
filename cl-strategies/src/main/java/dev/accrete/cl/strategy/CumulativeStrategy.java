package dev.accrete.cl.strategy;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.JoinedImageSet;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** See {@link Cumulative}. */
final class CumulativeStrategy extends SequentialStrategy {
  private static final String READY = "ready";

  private final Cumulative.Settings settings;
  private final NetworkTrainer trainer;
  private final PlainHead head = new PlainHead();
  private final List<ImageSet> kept = new ArrayList<>();
  private boolean ready;

  CumulativeStrategy(String name, StrategyContext context, Cumulative.Settings settings) {
    super(name, context, settings, settings.solver().inferenceBatch(), Optional.empty());
    this.settings = settings;
    trainer =
        new NetworkTrainer(
            learner(),
            settings.solver(),
            Steps.unprotected(network(), settings.solver()),
            context.seed());
    head.attach(learner());
  }

  @Override
  protected Trained train(int index, LabelledImages images, Work work, ProgressListener progress) {
    List<ImageSet> everything = new ArrayList<>(kept);
    everything.add(images.set());
    LabelledImages all =
        LabelledImages.of(network(), new JoinedImageSet(images.set().name(), everything));
    Retraining schedule = settings.retraining();
    boolean trains = schedule.trainsAt(index);
    int epochs = 0;
    if (trains) {
      epochs = schedule.epochs(index, settings.first().epochs());
      learner().initialize(context().initial().parameters(), context().initial().moments());
      Phase phase = settings.first().withEpochs(epochs);
      trainer.train(index, all, true, phase, schedule.schedule(), work, progress);
      trainer.release();
      head.clear();
      head.add(all);
    } else {
      work.holds(learner().bytes() + all.bytes());
    }
    kept.add(images.set());
    ready = trains;
    return new Trained(all.count(), epochs);
  }

  @Override
  public synchronized boolean ready() {
    return ready;
  }

  @Override
  protected boolean[] seen() {
    return head.seen();
  }

  @Override
  protected void saveState(StateWriter state) {
    state.put(READY, new long[] {ready ? 1 : 0});
    head.save(state);
  }

  @Override
  protected void restoreState(StateReader state) {
    ready = longs(state, READY, 1)[0] != 0;
    head.restore(state);
  }

  /** The images are not saved: whoever saved the state has them, or can get them again. */
  @Override
  protected void restored(int experiences) {
    kept.clear();
    for (int index = 0; index < experiences; index++) {
      kept.add(context().history().apply(index));
    }
  }

  @Override
  protected List<Variable> stateVariables() {
    return List.of(learner().variables().weights(), learner().variables().moments());
  }
}
