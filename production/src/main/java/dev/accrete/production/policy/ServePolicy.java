package dev.accrete.production.policy;

import dev.accrete.cl.settings.Setting;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** What the server allows, and how it answers. */
public record ServePolicy(
    @Setting(
            "File of tokens and their roles, beside this file unless absolute, or none: no token is"
                + " asked for, and only this machine is listened to")
        String tokensFile,
    @Setting(value = "Largest request, in MiB", min = 1, max = 1_048_576) int maxRequestMib,
    @Setting(value = "Largest image file, in MiB", min = 1, max = 1024) int maxImageMib,
    @Setting(value = "Largest image, in millions of pixels", min = 0.01, max = 1000)
        double maxMegapixels,
    @Setting(value = "Most images of a request, those of a zip included", min = 1, max = 100_000)
        int maxImages,
    @Setting(value = "Most requests of one token in a second", min = 1, unset = "unlimited")
        int maxRequestsPerSecond,
    @Setting(
            value = "Images that may wait for the network; beyond, requests are turned away",
            min = 1,
            max = 1_000_000)
        int queueImages,
    @Setting(value = "Most images that the network sees at once", min = 1, max = 1024)
        int batchImages,
    @Setting(
            value = "Milliseconds that an image may wait for company in its batch",
            min = 0,
            max = 1000)
        double batchingDelayMs,
    @Setting("Whether the candidate is asked too, its answers kept but never given") boolean shadow,
    @Setting(value = "Share of requests that the shadow sees", min = 0, max = 1) double shadowShare,
    @Setting(
            value = "Share of requests that a new champion answers at first, the old one the rest",
            min = 0,
            max = 0.5)
        double canaryShare,
    @Setting(
            value = "Minutes until a canary that raised no alarm answers all",
            min = 1,
            max = 10_080)
        int canaryMinutes,
    @Setting(
            value =
                "Share of a canary's requests that may fail; beyond, all go back to the old one",
            min = 0,
            max = 1)
        double canaryMaxFailures,
    @Setting(
            value =
                "Share of a canary's answers that may differ from the old one's; beyond, all go"
                    + " back",
            min = 0,
            max = 1)
        double canaryMaxDisagreement,
    @Setting(
            value = "Seconds that requests in flight may take when the server stops",
            min = 0,
            max = 3600)
        int drainSeconds,
    @Setting(
            "Whether accrete daily first takes in a day of the answers that somebody corrected or"
                + " confirmed")
        boolean feedbackDays) {
  static final ServePolicy DEFAULT =
      new ServePolicy(
          Policy.NONE,
          256,
          20,
          50,
          10_000,
          Integer.MAX_VALUE,
          1024,
          32,
          0,
          true,
          0.1,
          0,
          30,
          0.02,
          0.3,
          30,
          true);

  /**
   * The file of tokens, if there is one.
   *
   * @param policyFile the file that names it
   */
  public Optional<Path> tokens(Path policyFile) {
    return Policy.unlessNone(tokensFile).map(policyFile.toAbsolutePath()::resolveSibling);
  }

  /** Most requests of one token in a second, if that is limited. */
  public OptionalInt requestsPerSecond() {
    return maxRequestsPerSecond == Integer.MAX_VALUE
        ? OptionalInt.empty()
        : OptionalInt.of(maxRequestsPerSecond);
  }
}
