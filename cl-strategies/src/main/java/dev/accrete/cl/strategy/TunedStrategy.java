package dev.accrete.cl.strategy;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.JoinedImageSet;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.Variable;
import java.util.ArrayList;
import java.util.List;

/** See {@link TunedAnalytic}. */
final class TunedStrategy extends DiscriminantStrategy {
  private final TunedAnalytic.Settings settings;
  private final NetworkTrainer trainer;

  /** Of the experiences before this one, as long as the network will be trained again. */
  private final List<ImageSet> kept = new ArrayList<>();

  TunedStrategy(String name, StrategyContext context, TunedAnalytic.Settings settings) {
    super(name, context, settings, settings.head().form(settings.solver().inferenceBatch()));
    this.settings = settings;
    trainer =
        new NetworkTrainer(
            learner(),
            settings.solver(),
            Steps.unprotected(network(), settings.solver()),
            context.seed());
  }

  @Override
  protected Trained train(int index, LabelledImages images, Work work, ProgressListener progress) {
    int number = index + 1;
    if (number > settings.at().getLast()) {
      return super.train(index, images, work, progress);
    }
    kept.add(images.set());
    Trained trained =
        settings.at().contains(number)
            ? tune(index, work, progress)
            : super.train(index, images, work, progress);
    int held = kept.stream().mapToInt(ImageSet::size).sum();
    if (number == settings.at().getLast()) {
      kept.clear();
    }
    return new Trained(held, trained.epochs());
  }

  private Trained tune(int index, Work work, ProgressListener progress) {
    LabelledImages all =
        LabelledImages.of(network(), new JoinedImageSet(kept.getLast().name(), List.copyOf(kept)));
    int epochs = settings.body().epochs();
    int passes = (epochs + 1) * all.count();
    learner().initialize(context().initial().parameters(), context().initial().moments());
    trainer.train(
        index,
        all,
        true,
        settings.body(),
        settings.schedule(),
        work,
        (done, total) -> progress.progress(done, passes));
    trainer.release();
    startAnew();
    super.train(
        index, all, work, (done, total) -> progress.progress(epochs * total + done, passes));
    return new Trained(all.count(), epochs + 1);
  }

  /** The images are not saved: whoever saved the state has them, or can get them again. */
  @Override
  protected void restored(int experiences) {
    kept.clear();
    for (int index = 0; experiences < settings.at().getLast() && index < experiences; index++) {
      kept.add(context().history().apply(index));
    }
  }

  @Override
  protected List<Variable> stateVariables() {
    return List.of(learner().variables().weights(), learner().variables().moments());
  }
}
