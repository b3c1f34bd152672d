package dev.accrete.nn;

import java.util.Optional;

/**
 * Builds networks of one kind by a name that users write; found through {@link
 * java.util.ServiceLoader}. Needs a public constructor without parameters.
 */
public interface ModelProvider {
  /** What stands before the colon, for example {@code mobilenet-v1}. */
  String name();

  /** How users write it, for example {@code mobilenet-v1[:WIDTH]}. */
  String usage();

  /**
   * Builds a network whose images have three channels.
   *
   * @param argument what stands behind the colon, if there is one
   * @param imageSize height and width of the images in pixels, within {@link
   *     ModelSpec#SMALLEST_IMAGE} and {@link ModelSpec#LARGEST_IMAGE}
   * @param classes how many rows the head has, at least 1
   * @throws IllegalArgumentException if that cannot be built, saying what would be right
   */
  Network create(Optional<String> argument, int imageSize, int classes);

  /**
   * Refuses an argument, for models that take none.
   *
   * @throws IllegalArgumentException if there is one
   */
  static void noArgument(Optional<String> argument) {
    argument.ifPresent(
        text -> {
          throw new IllegalArgumentException("nothing may follow its name, got ':" + text + "'");
        });
  }

  /**
   * An argument that is a whole number.
   *
   * @param what names it in errors
   * @throws IllegalArgumentException if it is something else
   */
  static int integer(Optional<String> argument, String what, int otherwise) {
    try {
      return argument.map(Integer::parseInt).orElse(otherwise);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          what + " must be a whole number, got '" + argument.orElse("") + "'", e);
    }
  }

  /**
   * An argument that is a number.
   *
   * @param what names it in errors
   * @throws IllegalArgumentException if it is something else
   */
  static double number(Optional<String> argument, String what, double otherwise) {
    try {
      return argument.map(Double::parseDouble).orElse(otherwise);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          what + " must be a number, got '" + argument.orElse("") + "'", e);
    }
  }
}
