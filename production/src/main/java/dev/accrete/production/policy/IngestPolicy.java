package dev.accrete.production.policy;

import dev.accrete.cl.settings.Setting;
import java.util.OptionalInt;

/** What a day of images must be to come in. */
public record IngestPolicy(
    @Setting(
            value =
                "Share of good images that is never trained on and joins the regression set; an"
                    + " image's content decides",
            min = 0,
            max = 0.5)
        double regressionShare,
    @Setting(
            value = "A day with a greater share of its images in quarantine is refused",
            min = 0,
            max = 1)
        double maxQuarantineShare,
    @Setting(
            value =
                "Bits of 64 in which the perceptual hashes of two near duplicates differ at most;"
                    + " off: only equal files are duplicates",
            min = 0,
            unset = "off")
        int duplicateDistance,
    @Setting(
            value = "An image is blank if none of its channels deviates by more grey levels",
            min = 0,
            max = 255)
        double blankSpread,
    @Setting("What happens to images of a class that the store does not know")
        NewClasses newClasses,
    @Setting(
            value = "Images kept of all days before, to compare a new day with",
            min = 50,
            max = 100_000)
        int referenceImages,
    @Setting(value = "A day of fewer images is not tested for drift", min = 2) int driftMinImages,
    @Setting(
            value =
                "A difference that chance alone shows more often than this is no drift, however"
                    + " great",
            above = 0,
            max = 0.5)
        double driftSignificance,
    @Setting(value = "Drift of the class mix that is worth a warning, 0 to 1", min = 0, max = 1)
        double classMixWarn,
    @Setting(value = "Drift of the class mix that refuses a day; 1: never", min = 0, max = 1)
        double classMixRefuse,
    @Setting(
            value =
                "Drift of brightness, contrast, saturation, sharpness, size or aspect that is"
                    + " worth a warning, 0 to 1",
            min = 0,
            max = 1)
        double propertiesWarn,
    @Setting(value = "Drift of one of these that refuses a day; 1: never", min = 0, max = 1)
        double propertiesRefuse,
    @Setting(
            value = "Drift of what the network sees in the images that is worth a warning, 0 to 1",
            min = 0,
            max = 1)
        double latentsWarn,
    @Setting(value = "Drift of the same that refuses a day; 1: never", min = 0, max = 1)
        double latentsRefuse) {

  /** What becomes of images of an unknown class. */
  public enum NewClasses {
    /** The class is new, and learned. */
    ALLOW,
    /** They are a mistake, and put aside. */
    QUARANTINE
  }

  static final IngestPolicy DEFAULT =
      new IngestPolicy(
          0.1, 0.5, 4, 3, NewClasses.QUARANTINE, 1000, 20, 0.01, 0.5, 1, 0.4, 1, 0.4, 1);

  /** In how many bits near duplicates differ at most; empty if only equal files are duplicates. */
  public OptionalInt nearDuplicates() {
    return duplicateDistance == Integer.MAX_VALUE
        ? OptionalInt.empty()
        : OptionalInt.of(duplicateDistance);
  }
}
