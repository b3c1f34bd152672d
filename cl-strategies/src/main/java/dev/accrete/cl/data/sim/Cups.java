package dev.accrete.cl.data.sim;

import java.util.List;

/** Objects 41-45: cups and mugs with a handle. */
final class Cups {
  private Cups() {}

  static List<ObjectModel> all() {
    return List.of(flower(), striped(), espresso(), dotted(), lettered());
  }

  private static ObjectModel flower() {
    Canvas glaze = new Canvas(256, 128, 0xf3f0ea);
    for (int side = 0; side < 2; side++) {
      double x = 0.3 + 0.4 * side;
      glaze.line(x, 0.1, x, 0.5, 0.03, 0x3f8a44).disc(x + 0.04, 0.26, 0.035, 0.04, 0x57a858);
      for (int petal = 0; petal < 6; petal++) {
        double angle = StrictMath.PI * petal / 3;
        glaze.disc(
            x + 0.05 * StrictMath.cos(angle),
            0.58 + 0.1 * StrictMath.sin(angle),
            0.035,
            0.07,
            0xd23a4c);
      }
      glaze.disc(x, 0.58, 0.028, 0.056, 0xf2c230);
    }
    return mug(glaze, 0xf3f0ea, 0.58, 0.58, 0.74, 0.5);
  }

  private static ObjectModel striped() {
    Canvas glaze = new Canvas(128, 128, 0x2d5d9c);
    for (int i = 0; i < 5; i++) {
      glaze.rect(0, 0.12 + 0.17 * i, 1, 0.18 + 0.17 * i, 0xe9e6dc);
    }
    return mug(glaze, 0x2d5d9c, 0.56, 0.6, 0.78, 0.55);
  }

  /** A low brown cup that opens towards the top. */
  private static ObjectModel espresso() {
    Canvas glaze = new Canvas(128, 64, 0x6b3f26);
    glaze.gradient(0.5, 1, 0x6b3f26, 0x8c5a38).rect(0, 0.88, 1, 1, 0xd9c3a0);
    glaze.noise(17, 20, 10, 2, 0.08);
    return mug(glaze, 0xe8dcc4, 0.4, 0.66, 0.56, 0.36);
  }

  private static ObjectModel dotted() {
    Canvas glaze = new Canvas(256, 128, 0xe9b92c);
    for (int row = 0; row < 4; row++) {
      for (int i = 0; i < 10; i++) {
        double x = (i + 0.5 * (row % 2)) / 10;
        glaze.disc(x, 0.17 + 0.22 * row, 0.026, 0.052, row % 2 == 0 ? 0xffffff : 0xc24a1e);
      }
    }
    return mug(glaze, 0xf6e7b4, 0.5, 0.52, 0.94, 0.6);
  }

  private static ObjectModel lettered() {
    Canvas glaze = new Canvas(256, 128, 0x1e2024);
    for (int side = 0; side < 2; side++) {
      double x = 0.17 + 0.42 * side;
      glaze.text(179, x, 0.56, 0.2, 4, 0xf2f2ee).text(181, x, 0.34, 0.14, 6, 0xf2f2ee);
      glaze.rect(x, 0.24, x + 0.26, 0.27, 0xc9302c);
    }
    return mug(glaze, 0xc9302c, 0.57, 0.57, 0.76, 0.5);
  }

  private static ObjectModel mug(
      Canvas outside, int inside, double bottom, double top, double h, double ear) {
    MeshBuilder b = new MeshBuilder();
    Material inner = Material.glazed(Texture.plain(inside));
    b.lathe(Material.glazed(outside.texture()), 30, bottom, -h + 0.05, top, h);
    b.lathe(inner, 30, 0, -h, bottom - 0.06, -h, bottom, -h + 0.05);
    b.lathe(
        inner,
        30,
        top,
        h,
        top - 0.03,
        h + 0.02,
        top - 0.06,
        h,
        bottom - 0.07,
        -h + 0.14,
        0,
        -h + 0.1);
    Mesh body = b.mesh();
    Grip grip = Grip.around(body, -0.3 * h);
    int edge = (int) (0.02 * 255);
    Material handle = Material.glazed(Texture.plain(Canvas.blend(inside, edge, 0.05)));
    double middle = (bottom + top) / 2;
    double[] path =
        Paths.spline(
            4,
            middle - 0.03,
            0.9 * ear,
            0,
            middle + 0.26,
            0.85 * ear,
            0,
            middle + 0.4,
            0.1 * ear,
            0,
            middle + 0.26,
            -0.7 * ear,
            0,
            middle - 0.06,
            -0.95 * ear,
            0);
    b.tube(handle, 9, false, path, Paths.constant(0.085, path.length / 3));
    return ObjectModel.round(body, -0.3 * h).heldAt(grip);
  }
}
