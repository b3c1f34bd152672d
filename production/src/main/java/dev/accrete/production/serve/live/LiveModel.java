package dev.accrete.production.serve.live;

import com.fasterxml.jackson.core.io.SerializedString;
import dev.accrete.core.AccreteException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A version that answers. It counts who uses it: whoever entered may finish on it, and it is closed
 * when it was retired and the last one has left.
 */
public final class LiveModel {
  private static final int WARM_UPS = 3;
  private static final int GREY = 128;

  /** Pixels of so many images are kept for the next ones. */
  private static final int SPARE = 256;

  private final int version;
  private final Classifier classifier;
  private final int imageBytes;
  private final List<SerializedString> names;
  private final ConcurrentLinkedQueue<byte[]> spare = new ConcurrentLinkedQueue<>();
  private final AtomicInteger spares = new AtomicInteger();

  /** Its owner counts as one user. */
  private final AtomicInteger users = new AtomicInteger(1);

  private final CountDownLatch closed = new CountDownLatch(1);

  LiveModel(int version, Classifier classifier) {
    this.version = version;
    this.classifier = classifier;
    imageBytes = 3 * classifier.imageSize() * classifier.imageSize();
    names = classifier.classes().stream().map(SerializedString::new).toList();
  }

  /** Its number in the workshop. */
  public int version() {
    return version;
  }

  /** The names of its classes. */
  public List<String> classes() {
    return classifier.classes();
  }

  /** The name of a class, ready for JSON. */
  public SerializedString name(int index) {
    return names.get(index);
  }

  /** Height and width of its images in pixels. */
  public int imageSize() {
    return classifier.imageSize();
  }

  /** Bytes of the pixels of an image. */
  public int imageBytes() {
    return imageBytes;
  }

  /** Lets somebody in, unless it is closed already. Whoever is let in must {@link #leave}. */
  boolean enter() {
    int now = users.get();
    while (now > 0) {
      if (users.compareAndSet(now, now + 1)) {
        return true;
      }
      now = users.get();
    }
    return false;
  }

  /** Somebody is done with it, or its owner has retired it. */
  public void leave() {
    if (users.decrementAndGet() == 0) {
      try {
        classifier.close();
      } finally {
        closed.countDown();
      }
    }
  }

  /** How many use it, its owner included; 0 when it is closed. */
  int users() {
    return users.get();
  }

  /** Waits until it is closed. */
  CountDownLatch closing() {
    return closed;
  }

  /** Room for the pixels of an image; hand it back with {@link #give}. */
  public byte[] take() {
    byte[] pixels = spare.poll();
    if (pixels == null) {
      return new byte[imageBytes];
    }
    spares.decrementAndGet();
    return pixels;
  }

  /** Takes back what {@link #take} gave. */
  public void give(byte[] pixels) {
    if (spares.get() < SPARE) {
      spares.incrementAndGet();
      spare.add(pixels);
    }
  }

  /** The batcher's alone. */
  double[] probabilities(byte[] pixels, int rows) {
    return classifier.probabilities(pixels, rows);
  }

  /**
   * Runs it on grey images, so that the first request does not wait for code and memory, and checks
   * that what comes out are probabilities.
   *
   * @throws AccreteException if they are not
   */
  void warm(int most) {
    byte[] grey = new byte[most * imageBytes];
    Arrays.fill(grey, (byte) GREY);
    int classes = classes().size();
    for (int run = 0; run < WARM_UPS; run++) {
      for (int rows = 1; rows <= most; rows *= 2) {
        check(probabilities(grey, rows), rows, classes);
      }
    }
  }

  private void check(double[] probabilities, int rows, int classes) {
    if (probabilities.length != rows * classes) {
      throw unsound(probabilities.length + " probabilities for " + rows + " x " + classes);
    }
    for (int row = 0; row < rows; row++) {
      double sum = 0;
      for (int k = 0; k < classes; k++) {
        sum += probabilities[row * classes + k];
      }
      // NaN is not near 1 either.
      if (!(Math.abs(sum - 1) < 1e-3)) {
        throw unsound("probabilities that sum to " + sum);
      }
    }
  }

  private AccreteException unsound(String what) {
    return new AccreteException(
        "version " + version + " answers a grey image with " + what + "; it is not put to work");
  }
}
