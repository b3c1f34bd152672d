package dev.accrete.spark;

import dev.accrete.cl.learner.ContinualLearner;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Learns a partition whose size nobody knows, as many decoded images at once as fit. */
final class Portions {
  static final int MOST = 8192;
  private static final int MOST_BYTES = 96 << 20;

  private final ContinualLearner learner;
  private final int side;
  private final int most;
  private final List<String> bad = new ArrayList<>();
  private final Map<String, Integer> classes = new LinkedHashMap<>();
  private final MessageDigest files = sha256();
  private List<Portion.Image> images = new ArrayList<>();
  private long learned;

  /** Learns so many at once, or fewer. */
  Portions(ContinualLearner learner, int most) {
    this.learner = learner;
    side = learner.config().imageSize();
    this.most = Math.clamp(MOST_BYTES / (3 * side * side), 1, most);
  }

  void add(EncodedImage image) {
    Optional<String> label = image.label();
    byte[] pixels = new byte[3 * side * side];
    Optional<String> error =
        label.isEmpty()
            ? Optional.of(image.name() + " has no label")
            : image.decode(side, pixels, 0);
    if (error.isPresent()) {
      bad.add(error.get());
      return;
    }
    files.update((side + "\n" + label.orElseThrow() + "\n").getBytes(StandardCharsets.UTF_8));
    files.update(image.bytes());
    images.add(new Portion.Image(image.name(), classOf(label.orElseThrow()), pixels));
    if (images.size() == most) {
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
    if (!images.isEmpty()) {
      String fingerprint = HexFormat.of().formatHex(files.digest());
      learner.learn(new Portion(side, List.copyOf(classes.keySet()), images, fingerprint));
      learned += images.size();
      images = new ArrayList<>();
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
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
