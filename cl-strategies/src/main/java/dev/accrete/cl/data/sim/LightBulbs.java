package dev.accrete.cl.data.sim;

import java.util.List;

/** Objects 16-20: light bulbs. */
final class LightBulbs {
  private LightBulbs() {}

  static List<ObjectModel> all() {
    return List.of(clear(), frosted(), globe(), spiral(), led());
  }

  /** The classic clear bulb with its filament on a glass stem. */
  private static ObjectModel clear() {
    MeshBuilder b = new MeshBuilder();
    base(b, 0.27, 0xc4b078);
    b.lathe(Material.plastic(0xb9c4c0), 10, 0, -0.45, 0.13, -0.45, 0.05, -0.05, 0.0, 0.0);
    double[] wire =
        Paths.spline(
            3, -0.05, -0.1, 0, -0.22, 0.3, 0, -0.1, 0.36, 0.05, 0.1, 0.36, 0.05, 0.22, 0.3, 0, 0.05,
            -0.1, 0);
    b.tube(Material.metal(0xa06a30), 5, false, wire, Paths.constant(0.022, wire.length / 3));
    b.lathe(
        Material.glass(0xe8eef0, 0.22),
        28,
        0.26,
        -0.45,
        0.3,
        -0.25,
        0.45,
        0.02,
        0.6,
        0.28,
        0.63,
        0.5,
        0.55,
        0.74,
        0.36,
        0.92,
        0.15,
        0.98,
        0,
        0.99);
    return held(b);
  }

  /** The same shape, frosted white, with a printed mark on top. */
  private static ObjectModel frosted() {
    MeshBuilder b = new MeshBuilder();
    base(b, 0.27, 0xb8bcc2);
    Canvas glass = new Canvas(128, 64, 0xf3efe4);
    glass.text(67, 0.42, 0.86, 0.1, 5, 0x8a8880).gradient(0, 0.2, 0xcfc8b8, 0xf3efe4);
    b.lathe(
        Material.plastic(glass.texture()),
        28,
        0.26,
        -0.45,
        0.29,
        -0.3,
        0.42,
        -0.02,
        0.57,
        0.24,
        0.6,
        0.46,
        0.52,
        0.7,
        0.34,
        0.87,
        0.14,
        0.94,
        0,
        0.95);
    return held(b);
  }

  /** A big warm globe on a short brass base. */
  private static ObjectModel globe() {
    MeshBuilder b = new MeshBuilder();
    base(b, 0.25, 0xcaa54f);
    b.lathe(Material.plastic(0xd9d2c0), 20, 0.25, -0.5, 0.27, -0.36, 0.34, -0.28);
    b.at(Affine.translation(0, 0.28, 0));
    b.ellipsoid(Material.glazed(Texture.plain(0xfbe6b4)), 28, 0.74, 0.7, 0.74);
    b.at(Affine.IDENTITY);
    return held(b);
  }

  /** An energy-saving double spiral. */
  private static ObjectModel spiral() {
    MeshBuilder b = new MeshBuilder();
    base(b, 0.26, 0xb8bcc2);
    Canvas body = new Canvas(128, 32, 0xe8e8e6);
    body.text(71, 0.38, 0.4, 0.25, 8, 0x5a6470).rect(0, 0, 1, 0.1, 0xc4c4c0);
    b.lathe(
        Material.plastic(body.texture()),
        22,
        0.26,
        -0.5,
        0.42,
        -0.4,
        0.42,
        -0.16,
        0.3,
        -0.1,
        0,
        -0.1);
    Material tube = Material.plastic(0xf8f8f4);
    for (int arm = 0; arm < 2; arm++) {
      double[] helix = Paths.helix(0.34, -0.08, 0.92, 2.6, 0.5 * arm, 40);
      b.tube(tube, 8, false, helix, Paths.constant(0.105, 40));
    }
    return held(b);
  }

  /** A lamp with a finned grey heat sink and a small white dome. */
  private static ObjectModel led() {
    MeshBuilder b = new MeshBuilder();
    base(b, 0.25, 0xb8bcc2);
    Canvas fins = new Canvas(256, 16, 0x9da2a8);
    for (int i = 0; i < 16; i++) {
      fins.rect(i / 16.0, 0.1, (i + 0.45) / 16, 0.95, 0x54585e);
    }
    b.lathe(
        Material.metal(fins.texture()),
        32,
        0.25,
        -0.5,
        0.3,
        -0.4,
        0.42,
        -0.1,
        0.55,
        0.2,
        0.57,
        0.3);
    b.lathe(Material.plastic(0xe07d2c), 32, 0.57, 0.3, 0.58, 0.33, 0.57, 0.37);
    b.lathe(
        Material.plastic(0xf5f6f4),
        28,
        0.56,
        0.36,
        0.55,
        0.5,
        0.48,
        0.68,
        0.34,
        0.82,
        0.16,
        0.9,
        0,
        0.92);
    return held(b);
  }

  private static ObjectModel held(MeshBuilder b) {
    return new ObjectModel(b.mesh(), Grip.stick(-0.68, 0.27), StrictMath.PI, 0.8);
  }

  /** An Edison screw from y = -1 to -0.45. */
  private static void base(MeshBuilder b, double r, int colour) {
    double[] profile = new double[2 * 15];
    profile[0] = 0.11;
    profile[1] = -0.93;
    for (int i = 0; i < 13; i++) {
      profile[2 + 2 * i] = r * (i % 2 == 0 ? 0.92 : 1.04);
      profile[3 + 2 * i] = -0.88 + i * 0.034;
    }
    profile[28] = r;
    profile[29] = -0.44;
    b.lathe(Material.metal(colour), 20, profile);
    b.lathe(Material.plastic(0x17181a), 12, 0.08, -0.98, 0.12, -0.92);
    b.lathe(Material.metal(0xb0b4b8), 12, 0, -1.0, 0.08, -0.98);
  }
}
