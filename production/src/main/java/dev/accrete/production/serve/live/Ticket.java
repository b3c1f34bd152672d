package dev.accrete.production.serve.live;

/** An image that waits for its probabilities. Exactly one of the two methods is called, once. */
abstract class Ticket {
  final LiveModel model;
  final byte[] pixels;
  final boolean urgent;
  final long queuedAt = System.nanoTime();

  /**
   * The model is entered, and left by whoever entered it.
   *
   * @param urgent whether somebody waits
   */
  Ticket(LiveModel model, byte[] pixels, boolean urgent) {
    this.model = model;
    this.pixels = pixels;
    this.urgent = urgent;
  }

  /** The probabilities of this image begin at {@code from}. */
  abstract void answered(double[] probabilities, int from);

  abstract void failed(Throwable why);
}
