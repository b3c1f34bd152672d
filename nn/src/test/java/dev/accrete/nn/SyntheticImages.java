package dev.accrete.nn;

import dev.accrete.core.Rng;

/** Small noisy images of classes that differ in the place of a bright bar. */
final class SyntheticImages {
  private final Network network;
  private final Rng rng;

  SyntheticImages(Network network, long seed) {
    this.network = network;
    this.rng = Rng.of(seed, 77);
  }

  int[] labels(int count) {
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = rng.nextInt(network.classes());
    }
    return labels;
  }

  /** Class c has its bar in column c, vertical; noise everywhere. */
  byte[] images(int[] labels) {
    int height = network.height();
    int width = network.width();
    int size = network.channels() * height * width;
    byte[] images = new byte[labels.length * size];
    for (int i = 0; i < labels.length; i++) {
      for (int j = 0; j < size; j++) {
        int column = j % width;
        int bright = column * network.classes() / width == labels[i] ? 120 : 0;
        images[i * size + j] = (byte) (40 + bright + rng.nextInt(60));
      }
    }
    return images;
  }
}
