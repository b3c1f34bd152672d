package dev.accrete.nn.image;

import java.awt.image.BufferedImage;
import java.nio.file.Path;

/** An image in whatever form its owner has it. */
@FunctionalInterface
public interface Picture {
  /**
   * Writes its central square as planar RGB.
   *
   * @param size height and width of the result in pixels
   * @param destination receives {@code 3 * size * size} bytes: a plane of red, of green, of blue
   * @throws ImageException if it cannot be decoded
   */
  void decode(int size, byte[] destination, int offset);

  /** A file. */
  static Picture of(Path file) {
    return (size, destination, offset) -> ImageDecoder.decode(file, size, destination, offset);
  }

  /**
   * The content of a file.
   *
   * @param source what the bytes are, for errors
   */
  static Picture of(byte[] encoded, String source) {
    return (size, destination, offset) ->
        ImageDecoder.decode(encoded, source, size, destination, offset);
  }

  /**
   * The content of a file from somebody who may mean harm.
   *
   * @param source what the bytes are, for errors
   * @param mostPixels a picture of more pixels is refused before any is decoded
   */
  static Picture of(byte[] encoded, String source, long mostPixels) {
    return (size, destination, offset) ->
        ImageDecoder.decode(encoded, source, mostPixels, size, destination, offset);
  }

  /** An image that is decoded already. */
  static Picture of(BufferedImage image) {
    return (size, destination, offset) -> ImageDecoder.decode(image, size, destination, offset);
  }
}
