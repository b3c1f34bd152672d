package dev.accrete.production.gate;

import dev.accrete.production.store.Store;
import dev.accrete.production.store.StoredImage;
import dev.accrete.production.store.StoredImages;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which images a candidate is judged on: the held-out ones of every day that it or the champion
 * knows. What only the candidate knows is new; a day that neither knows (refused, blocked, or come
 * in since) says nothing about either.
 */
final class Selection {
  /** An image by its position in the regression set of the store. */
  record Chosen(int index, StoredImage image, Scored.Part part) {}

  private Selection() {}

  /**
   * Chooses.
   *
   * @param most images of the regression set at most; images of new days always count
   * @param ofEachClass how many of each class come first
   */
  static List<Chosen> choose(
      Store store,
      StoredImages regression,
      int candidate,
      OptionalInt champion,
      int most,
      int ofEachClass) {
    Set<String> ofCandidate = store.days(candidate);
    Set<String> ofChampion = champion.isPresent() ? store.days(champion.getAsInt()) : Set.of();
    List<Chosen> old = new ArrayList<>();
    List<Chosen> chosen = new ArrayList<>();
    for (int i = 0; i < regression.size(); i++) {
      StoredImage image = regression.image(i);
      if (ofChampion.contains(image.day())) {
        old.add(new Chosen(i, image, Scored.Part.REGRESSION));
      } else if (ofCandidate.contains(image.day())) {
        chosen.add(new Chosen(i, image, Scored.Part.NEW));
      }
    }
    chosen.addAll(limited(old, most, ofEachClass));
    chosen.sort(Comparator.comparing(c -> c.image().sha256()));
    return chosen;
  }

  /** By content, so that the same ones are chosen tomorrow. */
  private static List<Chosen> limited(List<Chosen> images, int most, int ofEachClass) {
    if (images.size() <= most) {
      return images;
    }
    List<Chosen> sorted = new ArrayList<>(images);
    sorted.sort(Comparator.comparing(c -> c.image().sha256()));
    Map<String, Integer> counts = new HashMap<>();
    List<Chosen> first = new ArrayList<>();
    List<Chosen> rest = new ArrayList<>();
    for (Chosen image : sorted) {
      boolean needed = counts.merge(image.image().label(), 1, Integer::sum) <= ofEachClass;
      (needed ? first : rest).add(image);
    }
    first.addAll(rest);
    return first.subList(0, most);
  }
}
