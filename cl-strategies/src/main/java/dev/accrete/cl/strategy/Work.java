package dev.accrete.cl.strategy;

/** What training took, summed up while it runs. */
final class Work {
  private long macs;
  private long peakBytes;
  private int imagesSeen;

  /** Adds multiply-accumulates. */
  void addMacs(long count) {
    macs += count;
  }

  /** Adds image-passes. */
  void addImages(int count) {
    imagesSeen += count;
  }

  /** Notes how many bytes are held now. */
  void holds(long bytes) {
    peakBytes = Math.max(peakBytes, bytes);
  }

  int imagesSeen() {
    return imagesSeen;
  }

  Cost cost(double seconds, int imagesHeld, int epochs) {
    return new Cost(macs, seconds, peakBytes, imagesSeen, imagesHeld, epochs);
  }
}
