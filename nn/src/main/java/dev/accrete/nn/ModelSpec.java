package dev.accrete.nn;

import dev.accrete.core.AccreteException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;

/**
 * Models by name, as users write them: {@code mobilenet-v1:0.5}, {@code caffenet}, {@code mlp:256}.
 * They are those whose {@link ModelProvider} the current thread's context class loader finds.
 */
public final class ModelSpec {
  /** Below this, in pixels, nothing is left of a strided network's image. */
  public static final int SMALLEST_IMAGE = 4;

  /**
   * Above this, in pixels, a mini-batch of 128 images has more bytes than one array can hold, and
   * the first activations of a single image take gigabytes.
   */
  public static final int LARGEST_IMAGE = 2048;

  private ModelSpec() {}

  /** How users write each model, in the order of their names. */
  public static List<String> names() {
    return providers().stream().map(ModelProvider::usage).toList();
  }

  /**
   * All providers, by name.
   *
   * @throws AccreteException if one cannot be loaded, or two have the same name
   */
  public static List<ModelProvider> providers() {
    Map<String, ModelProvider> byName = new TreeMap<>();
    try {
      for (ModelProvider provider : ServiceLoader.load(ModelProvider.class)) {
        ModelProvider other = byName.putIfAbsent(provider.name(), provider);
        if (other != null) {
          throw new AccreteException(
              "two models are named '"
                  + provider.name()
                  + "': those of "
                  + other.getClass().getName()
                  + " and "
                  + provider.getClass().getName()
                  + "; leave one of them out");
        }
      }
    } catch (ServiceConfigurationError e) {
      throw new AccreteException(
          "a model's provider cannot be loaded: " + e.getMessage() + "; mend or remove it", e);
    }
    return List.copyOf(byName.values());
  }

  /**
   * Builds a network.
   *
   * @param text a model as in {@link #names()}
   * @param imageSize height and width of the RGB images in pixels
   * @throws AccreteException if there is no such model or it cannot be built so, naming the choices
   */
  public static Network parse(String text, int imageSize, int classes) {
    int colon = text.indexOf(':');
    String name = colon < 0 ? text : text.substring(0, colon);
    Optional<String> argument =
        colon < 0 ? Optional.empty() : Optional.of(text.substring(colon + 1));
    List<ModelProvider> providers = providers();
    try {
      if (imageSize < SMALLEST_IMAGE || imageSize > LARGEST_IMAGE || classes < 1) {
        throw new IllegalArgumentException(
            "it needs images of "
                + SMALLEST_IMAGE
                + " to "
                + LARGEST_IMAGE
                + " pixels, and a class");
      }
      return providers.stream()
          .filter(provider -> provider.name().equals(name))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("there is no such model"))
          .create(argument, imageSize, classes);
    } catch (IllegalArgumentException e) {
      throw cannotBuild(text, imageSize, classes, String.valueOf(e.getMessage()), providers, e);
    } catch (ArithmeticException e) {
      String what = "it would have more than 2^31-1 weights";
      throw cannotBuild(text, imageSize, classes, what, providers, e);
    }
  }

  private static AccreteException cannotBuild(
      String text,
      int imageSize,
      int classes,
      String what,
      List<ModelProvider> providers,
      RuntimeException cause) {
    return new AccreteException(
        "cannot build model '"
            + text
            + "' for "
            + classes
            + " classes at "
            + imageSize
            + " pixels: "
            + what
            + ". Models: "
            + String.join(", ", providers.stream().map(ModelProvider::usage).toList()),
        cause);
  }
}
