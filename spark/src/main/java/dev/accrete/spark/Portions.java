package dev.accrete.spark;

import dev.accrete.cl.data.InMemoryImageSet;
import dev.accrete.cl.learner.ContinualLearner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
    labels[count++] = learner.classes().indexOf(label.orElseThrow());
    if (count == labels.length) {
      finish();
    }
  }

  /** Learns what is there. */
  void finish() {
    if (count > 0) {
      learner.learn(
          new InMemoryImageSet(
              "portion " + ++number + " of partition " + TaskContext.getPartitionId(),
              side,
              side,
              learner.classes(),
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
