package dev.accrete.bench.gpu.vendor;

import dev.accrete.core.Shape;

/** The order in which tensors of four axes lie in memory; others have but one. */
public enum Layout {
  /** N,C,H,W; weights K,C,R,S. */
  CANONICAL,
  /** N,H,W,C; weights K,R,S,C. */
  CHANNELS_LAST;

  /** {@code cudnnTensorFormat_t}. */
  int format() {
    return this == CANONICAL ? 0 : 1;
  }

  /** From canonical order to this one. */
  public float[] arrange(Shape shape, float[] canonical) {
    return reorder(shape, canonical, false);
  }

  /** From this order to the canonical one. */
  public float[] restore(Shape shape, float[] arranged) {
    return reorder(shape, arranged, true);
  }

  private float[] reorder(Shape shape, float[] from, boolean back) {
    if (this == CANONICAL || shape.rank() != 4) {
      return from;
    }
    int channels = shape.dim(1);
    int places = shape.dim(2) * shape.dim(3);
    float[] to = new float[from.length];
    for (int image = 0; image < shape.dim(0); image++) {
      for (int channel = 0; channel < channels; channel++) {
        for (int place = 0; place < places; place++) {
          int canonical = (image * channels + channel) * places + place;
          int arranged = (image * places + place) * channels + channel;
          to[back ? canonical : arranged] = from[back ? arranged : canonical];
        }
      }
    }
    return to;
  }
}
