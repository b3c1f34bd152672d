package dev.accrete.production.store;

import dev.accrete.production.ingest.IngestOptions;
import dev.accrete.production.ingest.PerceptualHash;
import dev.accrete.production.ingest.Reason;
import dev.accrete.production.ingest.Split;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Decides image by image what is let in, to which split, and what is set aside and why. */
final class Admission {
  private static final int SHOWN = 10;
  private static final String SAME = "the same file as ";
  private static final String NEARLY = "nearly the same as ";
  private static final Pattern LIKENED =
      Pattern.compile("(?:" + SAME + "|" + NEARLY + ")(.*?)(?:, which is '.*')?");

  /**
   * Of the 401 pairs in CIFAR-10 whose hashes differ in 4 bits at most, those above are one picture
   * twice, and none has two labels; below they are mostly two things before an empty ground.
   */
  private static final double ALIKE = 0.85;

  /** An image that is let in. */
  record Admitted(Candidate image, Split split) {}

  /** An image that is set aside. */
  record Refused(Candidate image, Reason reason, String detail) {}

  private final StoreLimits limits;
  private final IngestOptions options;
  private final Set<String> declared;
  private final Set<String> newClasses = new LinkedHashSet<>();
  private final Set<String> forgotten;
  private final Known known;
  private final Spool pixels;
  private final Map<String, Candidate> today = new HashMap<>();
  private final Set<String> contested = new HashSet<>();
  private final List<Admitted> admitted = new ArrayList<>();
  private final List<Refused> refused = new ArrayList<>();

  /**
   * Nothing decided yet.
   *
   * @param declared names of classes; if there are none the day declares its own
   * @param forgotten digests of images that were forgotten on request
   * @param pixels of the day's images, by number
   */
  Admission(
      StoreLimits limits,
      IngestOptions options,
      Set<String> declared,
      Set<String> forgotten,
      Known known,
      Spool pixels) {
    this.limits = limits;
    this.options = options;
    this.declared = declared;
    this.forgotten = forgotten;
    this.known = known;
    this.pixels = pixels;
  }

  List<Admitted> admitted() {
    return admitted;
  }

  List<Refused> refused() {
    return refused;
  }

  /** Classes that came with this day, in the order of their first image. */
  List<String> newClasses() {
    return List.copyOf(newClasses);
  }

  /** Decides on all images of a day, in the order of their labels and names. */
  void decide(List<Candidate> images) throws IOException {
    List<Candidate> ordered = new ArrayList<>(images);
    ordered.sort(
        Comparator.comparing((Candidate image) -> image.item().label())
            .thenComparing(image -> image.item().name()));
    contest(ordered);
    for (Candidate image : ordered) {
      decide(image);
    }
  }

  /** One file under two labels: nobody can say which of them is right. */
  private void contest(List<Candidate> images) {
    Map<String, String> labels = new HashMap<>();
    for (Candidate image : images) {
      String label = image.item().label();
      String other = labels.putIfAbsent(image.sha256(), label);
      if (other != null && !other.equals(label)) {
        contested.add(image.sha256());
      }
    }
  }

  /** Decides on one image; the order of calls matters for duplicates. */
  private void decide(Candidate image) throws IOException {
    Split split = split(image);
    Optional<Refused> refusal = refusal(image, split);
    if (refusal.isPresent()) {
      refused.add(refusal.get());
      return;
    }
    String label = image.item().label();
    if (!declared.contains(label)) {
      newClasses.add(label);
    }
    admitted.add(new Admitted(image, split));
    today.put(image.sha256(), image);
    known.add(
        image.sha256(),
        image.hash(),
        new Known.Image(
            image.item().name(), label, split, into -> pixels.read(image.number(), into, 0)));
  }

  private Split split(Candidate image) {
    boolean held =
        !image.sha256().isEmpty() && Digests.share(image.sha256()) < limits.regressionShare();
    return image.item().split().orElse(held ? Split.REGRESSION : Split.TRAIN);
  }

  private Optional<Refused> refusal(Candidate image, Split split) throws IOException {
    if (image.damage().isPresent()) {
      return Optional.of(new Refused(image, Reason.UNREADABLE, image.damage().get()));
    }
    String label = image.item().label();
    if (!declared.isEmpty() && !declared.contains(label) && !options.newClasses()) {
      return Optional.of(
          new Refused(
              image,
              Reason.UNKNOWN_CLASS,
              "'" + label + "' is none of " + shown(declared) + "; --new-classes declares it"));
    }
    if (forgotten.contains(image.sha256()) && !options.readmit()) {
      return Optional.of(new Refused(image, Reason.FORGOTTEN, "--readmit takes it back"));
    }
    if (contested.contains(image.sha256())) {
      return Optional.of(
          new Refused(
              image, Reason.CONFLICTING_LABEL, "this day has the file under several labels"));
    }
    Candidate twin = today.get(image.sha256());
    if (twin != null) {
      return Optional.of(new Refused(image, Reason.DUPLICATE_IN_DAY, SAME + twin.item().name()));
    }
    Optional<Known.Image> before = known.same(image.sha256());
    if (before.isPresent()) {
      boolean same = before.get().label().equals(label);
      return Optional.of(
          new Refused(
              image,
              same ? Reason.DUPLICATE : Reason.CONFLICTING_LABEL,
              SAME + named(before.get(), label)));
    }
    if (image.properties().spread() <= limits.blankSpread()) {
      return Optional.of(new Refused(image, Reason.BLANK, ""));
    }
    return limits.nearDistance() < 0 ? Optional.empty() : nearDuplicate(image, split);
  }

  private Optional<Refused> nearDuplicate(Candidate image, Split split) throws IOException {
    String label = image.item().label();
    List<Known.Image> near = alike(image, known.near(image.hash(), limits.nearDistance()));
    for (Known.Image other : near) {
      if (!other.label().equals(label)) {
        return Optional.of(
            new Refused(image, Reason.CONFLICTING_LABEL, NEARLY + named(other, label)));
      }
    }
    for (Known.Image other : near) {
      if (split == Split.TRAIN && other.split() == Split.REGRESSION) {
        return Optional.of(new Refused(image, Reason.REGRESSION_LEAK, NEARLY + other.where()));
      }
    }
    return near.isEmpty()
        ? Optional.empty()
        : Optional.of(new Refused(image, Reason.NEAR_DUPLICATE, NEARLY + near.getFirst().where()));
  }

  /** Hashes find what may be alike, pixels tell what is. */
  private List<Known.Image> alike(Candidate image, List<Known.Image> near) throws IOException {
    if (near.isEmpty()) {
      return near;
    }
    byte[] own = new byte[pixels.bytes()];
    byte[] others = new byte[pixels.bytes()];
    pixels.read(image.number(), own, 0);
    int side = (int) Math.round(Math.sqrt(own.length / 3.0));
    List<Known.Image> alike = new ArrayList<>();
    for (Known.Image other : near) {
      other.pixels().read(others);
      if (PerceptualHash.correlation(own, others, side) >= ALIKE) {
        alike.add(other);
      }
    }
    return alike;
  }

  /** What a detail says that an image is like: a name, after that of a day and / if of another. */
  static Optional<String> likened(String detail) {
    Matcher likened = LIKENED.matcher(detail);
    return likened.matches() ? Optional.of(likened.group(1)) : Optional.empty();
  }

  private static String named(Known.Image image, String label) {
    return image.where()
        + (image.label().equals(label) ? "" : ", which is '" + image.label() + "'");
  }

  private static String shown(Set<String> names) {
    return names.size() <= SHOWN
        ? String.join(", ", names)
        : String.join(", ", names.stream().limit(SHOWN).toList())
            + " and "
            + (names.size() - SHOWN)
            + " more";
  }

  /** Why the whole day is refused, if it is. */
  Optional<String> refusal() {
    int total = admitted.size() + refused.size();
    double share = (double) refused.size() / Math.max(1, total);
    if (share <= limits.quarantineShare()) {
      return Optional.empty();
    }
    return Optional.of(
        refused.size()
            + " of "
            + total
            + " images were set aside, more than the "
            + Math.round(100 * limits.quarantineShare())
            + "% that the limits allow");
  }
}
