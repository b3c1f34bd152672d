package dev.accrete.production.policy;

import dev.accrete.cl.settings.Setting;

/** What a candidate must be to become champion, beside the rules of {@link Policy}. */
public record GatePolicy(
    @Setting(
            value =
                "A slice of fewer images is not judged, and the verdict says so; all images"
                    + " together always are, but of fewer than this only what chance hardly shows"
                    + " stands in the way",
            min = 1,
            max = 1_000_000)
        int minImages,
    @Setting(
            value =
                "Most images of the regression set that a candidate is judged on, drawn by their"
                    + " content, each class as far as min-images first",
            min = 1,
            unset = "all")
        int maxImages,
    @Setting(
            "What a slice of too few images means, or no image at all for a class: report, it is"
                + " listed as not judged; block, the candidate is not blessed")
        TooFew tooFew,
    @Setting(
            "What decides whether a change is beyond its limit: loss-proven, only a loss whose"
                + " whole interval is beyond it, while one that may be chance is a warning; point,"
                + " the measured value, so that on a hundred images two that change sides block a"
                + " day; safety-proven, every loss whose interval reaches beyond it. Bounds of"
                + " values, recall floors and flips go by the measured value: set them to what must"
                + " never be undercut, for small losses of many days add up")
        Decision decideBy,
    @Setting(value = "Samples drawn for an interval (paired bootstrap)", min = 100, max = 100_000)
        int bootstrapReplicates,
    @Setting(value = "Confidence of the intervals", min = 0.5, below = 1) double confidence,
    @Setting(
            value = "Least recall of every class that has no floor of its own below",
            min = 0,
            max = 1)
        double recallFloor,
    @Setting(
            value =
                "Greatest share of images that the champion answers right and the candidate wrong",
            min = 0,
            max = 1)
        double maxNegativeFlipRate,
    @Setting("Whether the candidate is loaded and asked in a process of its own")
        boolean loadAndQuery,
    @Setting(value = "Images it is asked there", min = 1, max = 1000) int queryImages,
    @Setting(value = "Seconds after which that process is given up", min = 1, max = 3600)
        int queryTimeOutSeconds,
    @Setting(value = "Most seconds to load the model there, to its first answer", above = 0)
        double maxLoadSeconds,
    @Setting(value = "Greatest median time there to answer one image, in milliseconds", above = 0)
        double maxLatencyMs,
    @Setting(value = "Most memory of that process, in MiB", min = 64, max = 1_048_576)
        int maxMemoryMib) {

  /** What a slice of too few images means. */
  public enum TooFew {
    /** It is listed as not judged. */
    REPORT,
    /** The candidate is not blessed. */
    BLOCK
  }

  static final GatePolicy DEFAULT =
      new GatePolicy(
          20,
          10_000,
          TooFew.REPORT,
          Decision.LOSS_PROVEN,
          1000,
          0.95,
          0.2,
          0.08,
          true,
          16,
          120,
          60,
          1000,
          2048);
}
