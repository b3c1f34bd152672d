package dev.accrete.production.gate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The images that changed sides.
 *
 * @param negative how many were right and are wrong
 * @param positive how many were wrong and are right
 * @param worst of the former those whose true class lost most, the worst first, at most {@link
 *     #KEPT}
 * @param best of the latter those whose true class won most, at most {@link #KEPT}
 */
public record Flips(int negative, int positive, List<Flip> worst, List<Flip> best) {
  /** How many of each are kept. */
  public static final int KEPT = 60;

  /** Copies the lists. */
  public Flips {
    worst = List.copyOf(worst);
    best = List.copyOf(best);
  }

  static Flips of(Trial trial) {
    List<Flip> lost = new ArrayList<>();
    List<Flip> won = new ArrayList<>();
    for (Scored image : trial.images()) {
      boolean now = image.candidate().label().equals(image.truth());
      image
          .champion()
          .filter(before -> before.label().equals(image.truth()) != now)
          .ifPresent(
              before ->
                  (now ? won : lost)
                      .add(new Flip(image.image(), image.truth(), before, image.candidate())));
    }
    Comparator<Flip> byFall = Comparator.comparingDouble(Flip::fall);
    return new Flips(
        lost.size(),
        won.size(),
        lost.stream().sorted(byFall.reversed().thenComparing(Flip::image)).limit(KEPT).toList(),
        won.stream().sorted(byFall.thenComparing(Flip::image)).limit(KEPT).toList());
  }
}
