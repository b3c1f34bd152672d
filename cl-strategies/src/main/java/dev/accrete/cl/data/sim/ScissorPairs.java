package dev.accrete.cl.data.sim;

import java.util.List;

/** Objects 11-15: pairs of scissors. */
final class ScissorPairs {
  private static final int STEEL = 0xd2d6da;
  private static final double SIZE = 1.12;
  private static final double PIVOT = 0.12;

  private ScissorPairs() {}

  static List<ObjectModel> all() {
    return List.of(
        new Pair(0xe8641b, 0xe8641b, 0.95, 0.1, 0.24, 0.30, 0.085, 0.16, 0.0).model(),
        new Pair(0x1f2024, 0x1f2024, 1.05, 0.08, 0.22, 0.26, 0.075, 0.10, 0.3).model(),
        new Pair(0x2a62b8, 0x2a62b8, 0.75, 0.13, 0.25, 0.25, 0.1, 0.26, 0.0).model(),
        new Pair(0xc42833, 0x2b2c30, 0.9, 0.12, 0.22, 0.32, 0.09, 0.20, 0.25).model(),
        new Pair(0xaeb4ba, 0xaeb4ba, 0.85, 0.07, 0.19, 0.22, 0.05, 0.13, 0.0).model());
  }

  /**
   * The measures of a pair.
   *
   * @param left colour of one handle; {@code right} of the other
   * @param blade length and {@code width} of the blades
   * @param ringX half-axes of the finger holes; {@code bow} is the thickness of their rim
   * @param opening angle between the blades in radians
   * @param taper how much longer than the other one of the holes is
   */
  private record Pair(
      int left,
      int right,
      double blade,
      double width,
      double ringX,
      double ringY,
      double bow,
      double opening,
      double taper) {
    ObjectModel model() {
      MeshBuilder b = new MeshBuilder();
      half(b, left, 1, ringY * (1 + taper));
      half(b, right, -1, ringY);
      b.at(Affine.translation(0, PIVOT, 0));
      b.slab(Material.metal(0x8d9298), -0.09, 0.09, 0.02, Paths.ellipse(0, 0, 0.06, 0.06, 12));
      return new ObjectModel(b.mesh(), Grip.stick(-0.62, 0.2), 0.9, 0.9);
    }

    private void half(MeshBuilder b, int colour, int sign, double holeY) {
      Affine turn = Affine.rotationZ(sign * opening);
      Affine layer = Affine.translation(0, PIVOT, sign * 0.035);
      Affine place = layer.after(turn).after(Affine.scaling(SIZE * sign, SIZE, SIZE));
      Canvas steel = new Canvas(32, 64, STEEL).noise(3, 2, 40, 2, 0.08);
      steel.rect(0, 0, 0.3, 1, 0xeef1f4).text(61, 0.4, 0.3, 0.06, 3, 0x9aa0a6);
      double w = width;
      b.at(place);
      b.slab(
          Material.metal(steel.texture()),
          -0.03,
          0.03,
          0.012,
          0.3 * w,
          -0.25,
          1.2 * w,
          -0.1,
          1.15 * w,
          0.25 * blade,
          0.5 * w,
          0.8 * blade,
          -0.1 * w,
          blade,
          -0.5 * w,
          0.7 * blade,
          -0.7 * w,
          0.0,
          -0.5 * w,
          -0.2);
      boolean bare = colour == right && bow < 0.06;
      Material grip = bare ? Material.metal(colour) : Material.plastic(colour);
      double cx = -0.05 - ringX;
      double cy = -0.42 - holeY;
      double[] shank =
          Paths.spline(
              3, 0, -0.1, 0, -0.02, -0.3, 0, -0.1, -0.42, 0, cx + 0.3 * ringX, cy + holeY, 0);
      int n = shank.length / 3;
      b.tube(grip, 8, false, shank, Paths.constant(bow * 1.15, n));
      int points = 18;
      b.tube(
          grip, 8, true, Paths.loop(cx, cy, 0, ringX, holeY, points), Paths.constant(bow, points));
    }
  }
}
