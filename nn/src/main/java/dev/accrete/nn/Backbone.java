package dev.accrete.nn;

import dev.accrete.nn.io.TensorFile;

/**
 * A network pre-trained by this project, shipped with it.
 *
 * @param contents the weights; their metadata tell how they were trained
 * @param card the model card: data, recipe, accuracy, command, in Markdown
 */
public record Backbone(TensorFile contents, String card) {
  /**
   * The pre-trained weights.
   *
   * @param seed draws the head, unless the backbone was trained on as many classes
   */
  public Weights weights(Network network, long seed) {
    return WeightFile.backbone(contents, network, Weights.initial(network, seed));
  }
}
