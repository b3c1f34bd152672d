package dev.accrete.cl.scenario;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.core.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A labelled image set cut into groups that play the part of CORe50's sequences: images of one
 * class that look alike.
 *
 * <p>Each class is clustered by appearance (colour layout on an 8 x 8 grid) into equal parts, as
 * many as its share of the images asks for. The result depends on the images alone, not on a run or
 * on the number of threads. Making it reads every image once; keep it when several runs are built.
 */
public final class PseudoSequences {
  /** As many as CORe50 has training sequences. */
  public static final int TARGET = 400;

  private static final long SEED = 50;

  private final String source;
  private final int[] label;
  private final int classes;
  private final List<int[]> images = new ArrayList<>();
  private final List<Integer> labels = new ArrayList<>();

  private PseudoSequences(ImageSet set) {
    this.source = set.name();
    this.classes = set.classNames().size();
    this.label = IntStream.range(0, set.size()).map(set::label).toArray();
  }

  /** About 400 sequences of {@code set}. */
  public static PseudoSequences of(ImageSet set) {
    return of(set, TARGET);
  }

  /**
   * About {@code target} sequences: each class gets its share by number of images, rounded, at
   * least one if it has an image.
   *
   * @throws IllegalArgumentException if the set is empty or {@code target} is not positive
   */
  public static PseudoSequences of(ImageSet set, int target) {
    if (set.size() == 0 || target < 1) {
      throw new IllegalArgumentException(
          target
              + " sequences of the "
              + set.size()
              + " images of "
              + set.name()
              + ": both numbers must be positive");
    }
    PseudoSequences result = new PseudoSequences(set);
    List<int[]> byClass = Scenarios.imagesByClass(set);
    List<List<int[]>> parts =
        IntStream.range(0, byClass.size())
            .parallel()
            .mapToObj(c -> result.cut(set, byClass.get(c), target, Rng.of(SEED, c)))
            .toList();
    for (int c = 0; c < parts.size(); c++) {
      for (int[] part : parts.get(c)) {
        result.images.add(part);
        result.labels.add(c);
      }
    }
    return result;
  }

  private List<int[]> cut(ImageSet set, int[] members, int target, Rng rng) {
    if (members.length == 0) {
      return List.of();
    }
    long share = Math.round((double) target * members.length / set.size());
    int count = Math.clamp(share, 1, members.length);
    int[] cluster = BalancedClusters.assign(ColourFeatures.of(set, members), count, rng);
    return IntStream.range(0, count)
        .mapToObj(
            k ->
                IntStream.range(0, members.length)
                    .filter(i -> cluster[i] == k)
                    .map(i -> members[i])
                    .toArray())
        .toList();
  }

  /** Name of the image set. */
  public String source() {
    return source;
  }

  /** Number of sequences; they are ordered by class. */
  public int size() {
    return images.size();
  }

  /** Number of classes of the set, also those without images. */
  public int classes() {
    return classes;
  }

  /** The class of one sequence. */
  public int label(int sequence) {
    return labels.get(sequence);
  }

  /** The images of one sequence, in the order of the set. */
  public int[] images(int sequence) {
    return images.get(sequence).clone();
  }

  /** The class of one image of the set. */
  int labelOfImage(int image) {
    return label[image];
  }

  /** The images of several sequences, one after another. */
  int[] images(List<Integer> sequences) {
    return sequences.stream().map(images::get).flatMapToInt(Arrays::stream).toArray();
  }

  /** The classes that have images, increasing. */
  int[] classesWithImages() {
    return labels.stream().mapToInt(Integer::intValue).distinct().toArray();
  }
}
