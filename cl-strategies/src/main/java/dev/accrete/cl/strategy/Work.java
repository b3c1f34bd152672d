package dev.accrete.cl.strategy;

/** What training took, summed up while it runs. */
public final class Work {
  private long macs;
  private long peakBytes;
  private int imagesSeen;

  /** Adds multiply-accumulates. */
  public void addMacs(long count) {
    macs += count;
  }

  /** Adds image-passes. */
  public void addImages(int count) {
    imagesSeen += count;
  }

  /** Notes how many bytes are held now. */
  public void holds(long bytes) {
    peakBytes = Math.max(peakBytes, bytes);
  }

  /** Image-passes so far. */
  public int imagesSeen() {
    return imagesSeen;
  }

  Cost cost(double seconds, int imagesHeld, int epochs) {
    return new Cost(macs, seconds, peakBytes, imagesSeen, imagesHeld, epochs);
  }
}
