package dev.accrete.spark;

import dev.accrete.cl.data.InMemoryImageSet;
import dev.accrete.cl.learner.ContinualLearner;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.TaskContext;

/** Learns a partition whose size nobody knows, as many decoded images at once as fit. */
final class Portions {
  private static final int MOST = 2048;
  private static final int MOST_BYTES = 32 << 20;

  private final ContinualLearner learner;
  private final int side;
  private final int bytes;
  private final byte[] pixels;
  private final int[] labels;
  private final List<String> bad = new ArrayList<>();
  private final Map<String, Integer> classes = new LinkedHashMap<>();
  private int count;
  private int number;
  private long learned;

  Portions(ContinualLearner learner) {
    this.learner = learner;
    side = learner.config().imageSize();
    bytes = 3 * side * side;
    labels = new int[Math.clamp(MOST_BYTES / bytes, 1, MOST)];
    pixels = new byte[labels.length * bytes];
  }

  void add(EncodedImage image) {
    Optional<String> label = image.label();
    Optional<String> error =
        label.isEmpty()
            ? Optional.of(image.name() + " has no label")
            : image.decode(side, pixels, count * bytes);
    if (error.isPresent()) {
      bad.add(error.get());
      return;
    }
    labels[count++] = classOf(label.orElseThrow());
    if (count == labels.length) {
      finish();
    }
  }

  /**
   * Classes are found as they come; one name may be spelt with other code points in another row.
   */
  private int classOf(String label) {
    return classes.computeIfAbsent(
        Normalizer.normalize(label, Normalizer.Form.NFC), name -> classes.size());
  }

  /** Learns what is there. */
  void finish() {
    if (count > 0) {
      learner.learn(
          new InMemoryImageSet(
              "portion " + ++number + " of partition " + TaskContext.getPartitionId(),
              side,
              side,
              List.copyOf(classes.keySet()),
              Arrays.copyOf(labels, count),
              Arrays.copyOf(pixels, count * bytes)));
      learned += count;
      count = 0;
    }
  }

  /** How many images were learned. */
  long learned() {
    return learned;
  }

  /** Why others were not. */
  List<String> bad() {
    return bad;
  }
}
