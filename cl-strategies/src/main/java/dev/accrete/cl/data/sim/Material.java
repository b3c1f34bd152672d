package dev.accrete.cl.data.sim;

/**
 * How a surface answers to light.
 *
 * @param texture diffuse colour
 * @param gloss strength of highlights and reflections, 0 (cloth) .. 1 (mirror)
 * @param sharpness highlights are the cosine to the power of 2^sharpness
 * @param metal 0 for plastic (white highlights), 1 for metal (coloured reflections, no diffuse)
 * @param opacity 1 for solid, less for glass
 */
record Material(Texture texture, float gloss, int sharpness, float metal, float opacity) {
  static Material matte(Texture texture) {
    return new Material(texture, 0.06f, 3, 0, 1);
  }

  static Material matte(int colour) {
    return matte(Texture.plain(colour));
  }

  static Material plastic(Texture texture) {
    return new Material(texture, 0.35f, 5, 0, 1);
  }

  static Material plastic(int colour) {
    return plastic(Texture.plain(colour));
  }

  static Material glazed(Texture texture) {
    return new Material(texture, 0.6f, 6, 0, 1);
  }

  static Material metal(Texture texture) {
    return new Material(texture, 0.8f, 5, 0.75f, 1);
  }

  static Material metal(int colour) {
    return metal(Texture.plain(colour));
  }

  static Material glass(int colour, double opacity) {
    return new Material(Texture.plain(colour), 0.9f, 7, 0, (float) opacity);
  }

  static Material glass(Texture texture, double opacity) {
    return new Material(texture, 0.9f, 7, 0, (float) opacity);
  }

  boolean transparent() {
    return opacity < 1;
  }
}
