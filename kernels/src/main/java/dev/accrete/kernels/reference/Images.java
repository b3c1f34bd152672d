package dev.accrete.kernels.reference;

import dev.accrete.core.Shape;
import dev.accrete.core.op.NormalizeImage;

/** From image bytes to normalized floats. */
final class Images {
  private Images() {}

  static void normalize(NormalizeImage normalize, Cells images, Cells augment, Cells y) {
    Shape in = images.type().shape();
    int index = 0;
    for (int n = 0; n < in.dim(0); n++) {
      boolean flip = augment.ints()[n * 3] != 0;
      int top = augment.ints()[n * 3 + 1];
      int left = augment.ints()[n * 3 + 2];
      for (int c = 0; c < in.dim(1); c++) {
        double mean = normalize.mean().get(c);
        double std = normalize.std().get(c);
        for (int i = 0; i < normalize.height(); i++) {
          for (int j = 0; j < normalize.width(); j++) {
            int row = i + top;
            int column = flip ? in.dim(3) - 1 - (j + left) : j + left;
            boolean inside = row >= 0 && row < in.dim(2) && column >= 0 && column < in.dim(3);
            int at = ((n * in.dim(1) + c) * in.dim(2) + row) * in.dim(3) + column;
            y.floats()[index++] = inside ? (float) (((images.bytes()[at] & 0xFF) - mean) / std) : 0;
          }
        }
      }
    }
  }
}
