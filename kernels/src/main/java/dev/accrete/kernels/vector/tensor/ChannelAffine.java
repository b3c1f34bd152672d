package dev.accrete.kernels.vector.tensor;

/**
 * A map {@code x -> scale[c] * x + shift[c]} per channel, then a ReLU if {@code relu}, applied
 * where a kernel loads its input. A normalized activation can thus be read from the convolution
 * output it comes from and never exists in memory. Padding of a convolution stays zero: it is not
 * mapped.
 *
 * <p>Both arrays hold a multiple of 16 elements; lanes beyond the channels are 0 in both, so that
 * padding lanes stay zero. The arrays are filled anew in every run.
 */
public final class ChannelAffine {
  /** The map that changes nothing. */
  public static final ChannelAffine IDENTITY = new ChannelAffine(new float[0], new float[0], false);

  /** The factor of every channel. */
  public final float[] scale;

  /** What is added to every channel. */
  public final float[] shift;

  /** Whether results below 0 become 0. */
  public final boolean relu;

  ChannelAffine(float[] scale, float[] shift, boolean relu) {
    this.scale = scale;
    this.shift = shift;
    this.relu = relu;
  }

  /** A map for this many channels, all zero yet. */
  public static ChannelAffine ofChannels(int channels, boolean relu) {
    int padded = Math.ceilDiv(channels, Lanes.BLOCK) * Lanes.BLOCK;
    return new ChannelAffine(new float[padded], new float[padded], relu);
  }

  /** This map followed by a ReLU; shares the arrays. */
  public ChannelAffine withRelu() {
    return new ChannelAffine(scale, shift, true);
  }

  /** Whether there is nothing to apply. */
  public boolean isIdentity() {
    return scale.length == 0;
  }
}
