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
    return open(network, seed).weights();
  }

  /**
   * The pre-trained weights below the head, and what they want. The head is drawn even for the
   * classes that the backbone was trained on: whoever wants its own names the file.
   *
   * @param seed draws the head
   */
  public Pretrained open(Network network, long seed) {
    return WeightFile.backbone(contents, network, List.of(), Weights.initialHead(network, seed));
  }
}
