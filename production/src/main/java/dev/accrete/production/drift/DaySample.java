package dev.accrete.production.drift;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is compared of some images.
 *
 * @param classes how many there are of each
 * @param looks of the images, or of a sample of them
 * @param latents what the network sees in them, rows of one length; may be fewer than looks
 */
public record DaySample(
    SortedMap<String, Integer> classes, List<ImageLook> looks, List<float[]> latents) {
  /** Copies the lists. */
  public DaySample {
    classes = Collections.unmodifiableSortedMap(new TreeMap<>(classes));
    looks = List.copyOf(looks);
    latents = List.copyOf(latents);
  }

  /** Images counted. */
  public int images() {
    return classes.values().stream().mapToInt(count -> count).sum();
  }

  /** How many images of each of these classes. */
  int[] counts(Iterable<String> names) {
    Map<String, Integer> own = classes;
    List<Integer> counts = new ArrayList<>();
    names.forEach(name -> counts.add(own.getOrDefault(name, 0)));
    return counts.stream().mapToInt(count -> count).toArray();
  }
}
