package dev.accrete.cl.strategy;

import dev.accrete.cl.settings.Nested;
import dev.accrete.cl.settings.Setting;
import dev.accrete.nn.Network;
import java.util.List;

/**
 * {@link Analytic} on a network that was tuned: at chosen experiences it is trained on everything
 * that has come so far, from the pre-trained weights, and the statistics begin anew with its
 * features; in between they grow in one pass, as ever. With the first experience alone it is the
 * first-session adaptation of Panos et al., "First Session Adaptation: A Strong Replay-Free
 * Baseline for Class-Incremental Learning" (ICCV 2023), and no image is kept; with later ones
 * images are kept until the last of them. Worth its cost where images are foreign to the
 * pre-trained network.
 *
 * <p>It trains as {@link Joint} does, whose values were chosen on classes held out of the
 * backbone's pre-training.
 */
public final class TunedAnalytic implements StrategyProvider<TunedAnalytic.Settings> {
  /** As chosen for joint training. */
  private static final int EPOCHS = 12;

  /**
   * Its settings.
   *
   * @param solver how steps are made
   * @param body how the network is trained
   * @param at numbers of the experiences to train it at, counted from 1
   * @param schedule how the learning rate of a training runs
   * @param head what is made of its features
   */
  public record Settings(
      @Nested Solver solver,
      @Nested("body.") Phase body,
      @Setting(
              value =
                  "experiences to train the network at, counted from 1; images are kept until the last",
              name = "body.at",
              min = 1)
          List<Integer> at,
      @Setting(value = "how the learning rate of a training runs", name = "body.schedule")
          Annealing schedule,
      @Nested Analytic.Head head) {
    /**
     * Sorts the experiences.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Settings {
      at = at.stream().distinct().sorted().toList();
      if (at.isEmpty()) {
        throw new IllegalArgumentException(
            "body.at names no experience: name one, or use analytic, whose network stays as it is");
      }
    }
  }

  @Override
  public String name() {
    return "tuned-analytic";
  }

  @Override
  public String label() {
    return "Tuned analytic";
  }

  @Override
  public String description() {
    return "analytic on a network tuned at chosen experiences, the first unless others are named";
  }

  @Override
  public int colour() {
    return 7;
  }

  @Override
  public int rank() {
    return 5;
  }

  @Override
  public Settings defaults(int horizon) {
    Joint.Settings joint = new Joint().defaults(horizon);
    return new Settings(
        joint.solver(),
        joint.first().withEpochs(EPOCHS),
        List.of(1),
        joint.retraining().schedule(),
        Analytic.Head.DEFAULT);
  }

  @Override
  public void check(Network network, Settings settings) {
    settings.head().layers().of(network);
  }

  @Override
  public Strategy create(StrategyContext context, Settings settings) {
    return new TunedStrategy(name(), context, settings);
  }

  @Override
  public long expectedWork(Settings settings, int index, int images, long held) {
    return settings.at().contains(index + 1) ? held * (settings.body().epochs() + 1) : images;
  }

  @Override
  public boolean keepsImages(Settings settings) {
    return keepsImages(settings, 0);
  }

  @Override
  public boolean keepsImages(Settings settings, int experiences) {
    return settings.at().getLast() > Math.max(1, experiences);
  }

  @Override
  public List<Integer> experiencesNamed(Settings settings) {
    return settings.at();
  }
}
