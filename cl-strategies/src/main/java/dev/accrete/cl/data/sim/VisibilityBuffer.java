package dev.accrete.cl.data.sim;

import java.util.Arrays;

/** For every sample of the picture: the nearest triangle, where in it, and its depth. */
final class VisibilityBuffer {
  /** Which triangles a pass draws. */
  enum Faces {
    SOLID,
    GLASS_FAR_SIDE,
    GLASS_NEAR_SIDE
  }

  private static final float FAR = -1e9f;

  private final int size;

  /** Triangle number, or -1. */
  final int[] triangle;

  /** Barycentric weights of the second and third corner. */
  final float[] second;

  final float[] third;

  /** Larger is nearer. */
  final float[] depth;

  VisibilityBuffer(int size) {
    this.size = size;
    triangle = new int[size * size];
    second = new float[size * size];
    third = new float[size * size];
    depth = new float[size * size];
  }

  void clear() {
    Arrays.fill(triangle, -1);
    Arrays.fill(depth, FAR);
  }

  /** Starts from the depths of what has been drawn before, which then hides what lies behind. */
  void clearBehind(VisibilityBuffer other) {
    Arrays.fill(triangle, -1);
    System.arraycopy(other.depth, 0, depth, 0, depth.length);
  }

  /**
   * Draws the chosen triangles.
   *
   * @param sx sample position of each vertex, to the right; {@code sy} downwards
   */
  void draw(Mesh mesh, double[] sx, double[] sy, Faces faces) {
    double[] v = mesh.vertices();
    for (int t = 0; t < mesh.triangleCount(); t++) {
      boolean glass = mesh.material(mesh.corner(t, 3)).transparent();
      if (glass == (faces == Faces.SOLID)) {
        continue;
      }
      int a = mesh.corner(t, 0);
      int b = mesh.corner(t, 1);
      int c = mesh.corner(t, 2);
      double area = (sx[b] - sx[a]) * (sy[c] - sy[a]) - (sx[c] - sx[a]) * (sy[b] - sy[a]);
      boolean facesUs = area < 0;
      if (area == 0 || facesUs == (faces == Faces.GLASS_FAR_SIDE)) {
        continue;
      }
      fill(
          t,
          sx[a],
          sy[a],
          sx[b],
          sy[b],
          sx[c],
          sy[c],
          1 / area,
          v[a * Mesh.STRIDE + 2],
          v[b * Mesh.STRIDE + 2],
          v[c * Mesh.STRIDE + 2]);
    }
  }

  private void fill(
      int t,
      double ax,
      double ay,
      double bx,
      double by,
      double cx,
      double cy,
      double inverseArea,
      double za,
      double zb,
      double zc) {
    int left = Math.max(0, (int) Math.ceil(Math.min(ax, Math.min(bx, cx)) - 0.5));
    int right = Math.min(size - 1, (int) Math.floor(Math.max(ax, Math.max(bx, cx)) - 0.5));
    int top = Math.max(0, (int) Math.ceil(Math.min(ay, Math.min(by, cy)) - 0.5));
    int bottom = Math.min(size - 1, (int) Math.floor(Math.max(ay, Math.max(by, cy)) - 0.5));
    double stepB = (cy - ay) * inverseArea;
    double stepC = -(by - ay) * inverseArea;
    for (int j = top; j <= bottom; j++) {
      double py = j + 0.5 - ay;
      double px = left + 0.5 - ax;
      double wb = (px * (cy - ay) - (cx - ax) * py) * inverseArea;
      double wc = ((bx - ax) * py - px * (by - ay)) * inverseArea;
      for (int k = j * size + left; k <= j * size + right; k++) {
        if (wb >= 0 && wc >= 0 && wb + wc <= 1) {
          float z = (float) (za + wb * (zb - za) + wc * (zc - za));
          if (z > depth[k]) {
            depth[k] = z;
            triangle[k] = t;
            second[k] = (float) wb;
            third[k] = (float) wc;
          }
        }
        wb += stepB;
        wc += stepC;
      }
    }
  }
}
