package dev.accrete.cl.pretrain;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.nn.Network;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** In one line: all that decides what a pre-training becomes. */
final class PretrainRecipe {
  private static final int SHORT = 16;

  private PretrainRecipe() {}

  /**
   * The line.
   *
   * @param network at any image size
   * @param train training images at the last size
   * @param validation validation images at the last size
   * @throws AccreteException if the weights to start from cannot be read
   */
  static String of(
      Network network,
      ImageSet train,
      ImageSet validation,
      PretrainOptions options,
      Backend backend) {
    return String.join(
        ", ",
        network.model(),
        network.parameters().count() + " parameters",
        network.classes() + " classes",
        "data " + train.fingerprint() + " and " + validation.fingerprint(),
        "--phases " + options.phasesText(),
        "--mini-batch " + options.miniBatch(),
        "--learning-rate " + options.peakLearningRate(),
        "--warmup-steps " + options.warmupSteps(),
        "--weight-decay " + options.weightDecay(),
        "--label-smoothing " + options.labelSmoothing(),
        options.augmentation().options(),
        "--seed " + options.seed(),
        "--start " + options.start().map(PretrainRecipe::digest).orElse("none"),
        "--backend " + backend.name());
  }

  private static String digest(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      new DigestInputStream(in, sha).transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(sha.digest()).substring(0, SHORT);
    } catch (IOException e) {
      throw new AccreteException(
          "cannot read the weights to start from, " + file + ": give --start a safetensors file",
          e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java runtime lacks SHA-256", e);
    }
  }
}
