package dev.accrete.nn;

import dev.accrete.nn.io.TensorFile;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A network pre-trained by this project, shipped with it.
 *
 * @param contents the weights; their metadata tell how they were trained
 * @param card the model card: data, recipe, accuracy, command, in Markdown
 */
public record Backbone(TensorFile contents, String card) {
  /** What it was trained on and how well it does there, in one line. */
  public String summary() {
    Map<String, String> remarks = contents.metadata();
    String top1 = remarks.getOrDefault("validationTop1", "NaN");
    return String.format(
        Locale.ROOT,
        "%.1f%% top-1 on the validation images of %s",
        100 * Double.parseDouble(top1),
        remarks.getOrDefault("data", "unknown data"));
  }

  /**
   * The pre-trained weights below the head.
   *
   * @param seed draws the head
   */
  public Weights weights(Network network, long seed) {
    return open(network, List.of(), seed).weights();
  }

  /**
   * The pre-trained weights, and what they want.
   *
   * @param classes the names of the network's classes; empty if they are not known
   * @param seed draws the head, unless the backbone was trained on classes of just these names
   */
  public Pretrained open(Network network, List<String> classes, long seed) {
    return WeightFile.backbone(contents, network, classes, Weights.initialHead(network, seed));
  }
}
