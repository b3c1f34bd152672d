package dev.accrete.nn;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Shape;
import java.util.List;

/**
 * Models by name, as users write them: {@code mobilenet-v1:0.5}, {@code caffenet}, {@code mlp:256}.
 */
public final class ModelSpec {
  private static final String MOBILENET = "mobilenet-v1";
  private static final String CAFFENET = "caffenet";
  private static final String SMALL_CNN = "small-cnn";
  private static final String MLP = "mlp";

  private ModelSpec() {}

  /** The names users may write, with what may follow the colon. */
  public static List<String> names() {
    return List.of(MOBILENET + "[:width]", CAFFENET, SMALL_CNN, MLP + "[:hidden units]");
  }

  /**
   * Builds a network.
   *
   * @param text a model of {@link #names()}
   * @param imageSize height and width of the RGB images in pixels
   * @throws AccreteException if there is no such model or it cannot be built so, naming the choices
   */
  public static Network parse(String text, int imageSize, int classes) {
    int colon = text.indexOf(':');
    String model = colon < 0 ? text : text.substring(0, colon);
    String option = colon < 0 ? "" : text.substring(colon + 1);
    try {
      return switch (model) {
        case MOBILENET ->
            MobileNetV1.of(option.isEmpty() ? 1.0 : Double.parseDouble(option), classes, imageSize);
        case CAFFENET -> plain(option, CaffeNet.of(classes, imageSize));
        case SMALL_CNN -> plain(option, SmallCnn.of(classes, imageSize));
        case MLP ->
            Mlp.of(
                classes,
                Shape.of(3, imageSize, imageSize),
                option.isEmpty() ? 256 : Integer.parseInt(option));
        default -> throw new IllegalArgumentException("there is no such model");
      };
    } catch (IllegalArgumentException e) {
      throw new AccreteException(
          "cannot build model '"
              + text
              + "' for "
              + classes
              + " classes at "
              + imageSize
              + " pixels: "
              + e.getMessage()
              + ". Models: "
              + String.join(", ", names()),
          e);
    }
  }

  private static Network plain(String option, Network network) {
    if (!option.isEmpty()) {
      throw new IllegalArgumentException("it takes no option");
    }
    return network;
  }
}
