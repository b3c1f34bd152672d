package dev.accrete.cl.data.sim;

import java.util.List;

/** Objects 36-40: felt-tip pens and highlighters. */
final class Markers {
  private Markers() {}

  static List<ObjectModel> all() {
    return List.of(
        pen(0xc8242c, 0xf0efea, 0xc8242c, 0.17, 0.13, 151),
        pen(0x2448a8, 0x2448a8, 0xf0efea, 0.19, 0.15, 157),
        pen(0x18191c, 0xd5d7da, 0x18191c, 0.22, 0.2, 163),
        highlighter(),
        pen(0x2f8a46, 0x26282c, 0xe8d040, 0.16, 0.1, 167));
  }

  /** A round pen: coloured cap above, body with a printed band below. */
  private static ObjectModel pen(int cap, int body, int print, double r, double end, long seed) {
    Canvas barrel = new Canvas(64, 128, body);
    barrel.rect(0, 0.86, 1, 0.9, print).rect(0, 0.02, 1, 0.08, cap);
    for (int side = 0; side < 2; side++) {
      double x = 0.5 * side;
      for (int i = 0; i < 6; i++) {
        barrel.text(seed + i, x + 0.1, 0.22 + 0.1 * i, 0.08, 2, print);
      }
      barrel.rect(x + 0.42, 0.2, x + 0.46, 0.82, print);
    }
    MeshBuilder b = new MeshBuilder();
    b.lathe(
        Material.plastic(barrel.texture()),
        18,
        0,
        -1.1,
        end,
        -1.1,
        end + 0.02,
        -1.06,
        r,
        -0.85,
        r,
        0.35);
    double c = r * 1.12;
    b.lathe(
        Material.glazed(Texture.plain(cap)), 18, r, 0.33, c, 0.33, c, 0.95, c * 0.8, 1.08, 0, 1.1);
    b.at(Affine.translation(0, 0, c + 0.03));
    b.slab(Material.plastic(cap), -0.03, 0.02, 0.01, -0.05, 0.45, 0.05, 0.45, 0.05, 1, -0.05, 1);
    b.at(Affine.IDENTITY);
    return new ObjectModel(b.mesh(), Grip.stick(-0.45, r), StrictMath.PI, 1.1);
  }

  /** A broad flat highlighter in fluorescent yellow. */
  private static ObjectModel highlighter() {
    Canvas side = new Canvas(64, 128, 0xe6f02e);
    side.rect(0.1, 0.1, 0.9, 0.5, 0x1d1f22).text(173, 0.18, 0.26, 0.14, 4, 0xe6f02e);
    Material yellow = Material.plastic(0xe6f02e);
    Material cap = Material.plastic(0x22252a);
    MeshBuilder b = new MeshBuilder();
    b.extrude(
        Material.plastic(side.texture()),
        Material.plastic(side.texture()),
        yellow,
        -0.15,
        0.15,
        0.06,
        -0.26,
        -0.95,
        0.26,
        -0.95,
        0.3,
        -0.8,
        0.3,
        0.3,
        -0.3,
        0.3,
        -0.3,
        -0.8);
    b.slab(
        cap, -0.17, 0.17, 0.06, -0.32, 0.3, 0.32, 0.3, 0.3, 0.85, 0.2, 0.98, -0.2, 0.98, -0.3,
        0.85);
    b.at(Affine.translation(0, 0, 0.19))
        .slab(cap, -0.02, 0.03, 0.01, -0.07, 0.2, 0.07, 0.2, 0.07, 0.9, -0.07, 0.9);
    return new ObjectModel(b.at(Affine.IDENTITY).mesh(), Grip.stick(-0.5, 0.24), 2.2, 1.0);
  }
}
