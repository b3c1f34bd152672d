package dev.accrete.cl.data.sim;

import java.util.List;

/** Objects 21-25: drink and food cans. */
final class Cans {
  private static final Material TIN = Material.metal(0xd0d4d8);

  private Cans() {}

  static List<ObjectModel> all() {
    return List.of(cola(), lager(), energy(), peaches(), coffee());
  }

  private static ObjectModel cola() {
    Canvas label = new Canvas(256, 128, 0xc01622);
    for (int side = 0; side < 2; side++) {
      double x = 0.5 * side;
      label.polygon(
          0xf6f2ee, x + 0.02, 0.18, x + 0.2, 0.34, x + 0.34, 0.3, x + 0.5, 0.5, x + 0.5, 0.62,
          x + 0.32, 0.42, x + 0.18, 0.46, x + 0.02, 0.26);
      label.text(101, x + 0.14, 0.58, 0.22, 4, 0xf6f2ee);
    }
    label.rect(0, 0.95, 1, 1, 0x7c0e16).text(103, 0.4, 0.06, 0.06, 12, 0xe8c8c8);
    return can(label, 0.52, 0.92, 0.06);
  }

  private static ObjectModel lager() {
    Canvas label = new Canvas(256, 128, 0x1d6b3a);
    label.rect(0, 0.06, 1, 0.12, 0xd9b64c).rect(0, 0.88, 1, 0.94, 0xd9b64c);
    for (int side = 0; side < 2; side++) {
      double x = 0.25 + 0.5 * side;
      label.disc(x, 0.5, 0.15, 0.3, 0xf3efe0).ring(x, 0.5, 0.15, 0.3, 0.88, 0xb4232b);
      label.text(107, x - 0.1, 0.44, 0.14, 4, 0x1a4f2c);
      label.polygon(0xb4232b, x, 0.7, x + 0.03, 0.6, x - 0.03, 0.6);
    }
    return can(label, 0.53, 0.92, 0.06);
  }

  /** A slim blue and silver can. */
  private static ObjectModel energy() {
    Canvas label = new Canvas(256, 128, 0x1b3f93);
    for (int side = 0; side < 2; side++) {
      double x = 0.5 * side;
      label.polygon(0xc7ccd3, x, 0, x + 0.25, 0, x + 0.3, 1, x + 0.05, 1);
      label.disc(x + 0.26, 0.56, 0.07, 0.13, 0xf0c022);
      label.polygon(
          0xc8202c, x + 0.12, 0.46, x + 0.22, 0.62, x + 0.26, 0.5, x + 0.3, 0.62, x + 0.4, 0.46,
          x + 0.26, 0.4);
      label.text(109, x + 0.14, 0.2, 0.12, 4, 0xc8202c);
    }
    return can(label, 0.4, 1.0, 0.05);
  }

  /** A short food can with ribs and fruit on its paper label. */
  private static ObjectModel peaches() {
    Canvas label = new Canvas(256, 128, 0xf2c53d);
    label.rect(0, 0, 1, 0.14, 0x2d7a46).rect(0, 0.86, 1, 1, 0x2d7a46);
    for (int i = 0; i < 6; i++) {
      double x = 0.08 + i * 0.167;
      double y = 0.34 + 0.08 * (i % 2);
      label.disc(x, y, 0.07, 0.16, 0xe57a22).disc(x - 0.015, y + 0.04, 0.03, 0.07, 0xf4ac5a);
      label.polygon(0x3f8f3a, x, y + 0.15, x + 0.05, y + 0.24, x + 0.01, y + 0.2);
    }
    label.text(113, 0.1, 0.66, 0.15, 5, 0xa02018).text(113, 0.6, 0.66, 0.15, 5, 0xa02018);
    MeshBuilder b = new MeshBuilder();
    b.lathe(Material.matte(label.texture()), 30, 0.66, -0.7, 0.66, 0.7);
    b.lathe(TIN, 30, 0, -0.74, 0.62, -0.74, 0.68, -0.78, 0.68, -0.7, 0.66, -0.7);
    b.lathe(
        TIN, 30, 0.66, 0.7, 0.68, 0.7, 0.68, 0.78, 0.63, 0.78, 0.63, 0.74, 0.5, 0.74, 0.48, 0.72,
        0.3, 0.72, 0.28, 0.74, 0, 0.74);
    return ObjectModel.round(b.mesh(), -0.1);
  }

  /** A black and copper can of iced coffee. */
  private static ObjectModel coffee() {
    Canvas label = new Canvas(256, 128, 0x1a1614);
    label.gradient(0, 0.35, 0x8a4b22, 0x1a1614).rect(0, 0.36, 1, 0.38, 0xc98d4e);
    for (int side = 0; side < 2; side++) {
      double x = 0.25 + 0.5 * side;
      label.disc(x, 0.66, 0.075, 0.17, 0x7a4420).line(x, 0.52, x, 0.8, 0.035, 0x2a1408);
      label.text(127, x - 0.12, 0.42, 0.09, 7, 0xe9d6bd);
    }
    return can(label, 0.46, 0.95, 0.05);
  }

  private static ObjectModel can(Canvas label, double r, double h, double neck) {
    MeshBuilder b = new MeshBuilder();
    b.lathe(Material.metal(label.texture()), 30, r, -h + 0.12, r, h - 0.16);
    b.lathe(
        TIN, 30, 0, -h + 0.05, r * 0.75, -h + 0.05, r * 0.8, -h, r - neck, -h + 0.04, r, -h + 0.12);
    b.lathe(
        TIN,
        30,
        r,
        h - 0.16,
        r - neck,
        h - 0.05,
        r - neck + 0.02,
        h,
        r - neck - 0.03,
        h,
        r - neck - 0.05,
        h - 0.06,
        0,
        h - 0.06);
    b.at(Affine.translation(0, h - 0.04, 0.1 * r));
    b.at(Affine.translation(0, h - 0.04, 0.12 * r).after(Affine.rotationX(StrictMath.PI / 2)));
    b.tube(TIN, 5, true, Paths.loop(0, 0, 0, 0.1, 0.15, 12), Paths.constant(0.025, 12));
    b.at(Affine.IDENTITY);
    return ObjectModel.round(b.mesh(), -0.25);
  }
}
