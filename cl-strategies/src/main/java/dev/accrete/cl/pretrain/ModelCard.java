package dev.accrete.cl.pretrain;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.nn.Network;
import java.nio.file.Path;
import java.util.Locale;

/** What a stranger must know of shipped weights: data, recipe, result, command. */
final class ModelCard {
  private ModelCard() {}

  static String markdown(
      Network network,
      ImageSet train,
      ImageSet validation,
      PretrainOptions options,
      Pretraining.Result result,
      String backend,
      String command) {
    StringBuilder card = new StringBuilder();
    card.append("# ").append(network.model()).append("\n\n");
    card.append(
        String.format(
            Locale.ROOT,
            "A backbone trained from %s by Accrete itself. Validation top-1 **%.1f%%**"
                + " at %d pixels.%n%n",
            options.start().isPresent() ? "given weights" : "random weights",
            100 * result.validationAccuracy(),
            options.phases().getLast().imageSize()));
    row(card, "", "");
    row(card, "---", "---");
    row(card, "Training data", describe(train));
    row(card, "Validation data", describe(validation));
    options.start().ifPresent(file -> row(card, "Started from", start(file)));
    row(card, "Image size x epochs", options.phasesText());
    row(card, "Mini-batch", options.miniBatch());
    row(
        card,
        "Optimizer",
        "SGD, Nesterov momentum 0.9, weight decay " + options.weightDecay() + " on weights only");
    row(
        card,
        "Learning rate",
        "half a cosine from "
            + options.peakLearningRate()
            + " after a warm-up of at most "
            + options.warmupSteps()
            + " steps");
    row(card, "Label smoothing", options.labelSmoothing());
    row(card, "Augmentation", options.augmentation().describe());
    row(card, "Seed", options.seed());
    row(card, "Backend", backend);
    row(card, "Training time", String.format(Locale.ROOT, "%.1f minutes", result.seconds() / 60));
    row(card, "Command", "`" + command + "`");
    card.append("\nValidation top-1 after each epoch, in percent:");
    for (double accuracy : result.validationByEpoch()) {
      card.append(String.format(Locale.ROOT, " %.1f", 100 * accuracy));
    }
    return card.append(".\n").toString();
  }

  private static String start(Path file) {
    return file.getFileName() + "; channels that it lacks, if any, copy others (Net2WiderNet)";
  }

  private static String describe(ImageSet images) {
    return images.name()
        + ": "
        + images.size()
        + " images of "
        + images.classNames().size()
        + " classes";
  }

  private static void row(StringBuilder card, Object name, Object value) {
    card.append("| ").append(name).append(" | ").append(value).append(" |\n");
  }
}
