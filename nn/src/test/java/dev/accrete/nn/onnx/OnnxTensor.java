package dev.accrete.nn.onnx;

import java.util.Arrays;

/** Numbers with extents, as ONNX's operators see them; in double precision, whatever the type. */
@SuppressWarnings("ArrayRecordComponent") // Compared element by element where that matters.
public record OnnxTensor(int[] extents, double[] values) {
  public OnnxTensor {
    if (size(extents) != values.length) {
      throw new IllegalArgumentException(values.length + " numbers as " + Arrays.toString(extents));
    }
  }

  static int size(int... extents) {
    return Arrays.stream(extents).reduce(1, Math::multiplyExact);
  }

  int rank() {
    return extents.length;
  }

  int extent(int axis) {
    return extents[axis];
  }

  int[] integers() {
    return Arrays.stream(values).mapToInt(v -> (int) v).toArray();
  }
}
