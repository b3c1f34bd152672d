package dev.accrete.cl.data.sim;

import java.util.List;

/** Objects 26-30: drinking glasses. */
final class Glasses {
  private Glasses() {}

  static List<ObjectModel> all() {
    return List.of(tumbler(), blueTumbler(), wine(), pint(), greenMug());
  }

  /** A clear tumbler with cut flutes around its lower half. */
  private static ObjectModel tumbler() {
    Canvas cut = new Canvas(256, 64, 0xe6eef0);
    for (int i = 0; i < 14; i++) {
      cut.rect(i / 14.0, 0.08, (i + 0.2) / 14, 0.5, 0x6f8288);
      cut.rect((i + 0.4) / 14, 0.08, (i + 0.6) / 14, 0.5, 0xffffff);
    }
    MeshBuilder b = new MeshBuilder();
    vessel(b, Material.glass(cut.texture(), 0.34), -0.85, 0.85, 0.48, 0.62);
    return ObjectModel.round(b.mesh(), -0.25);
  }

  private static ObjectModel blueTumbler() {
    Canvas tint = new Canvas(64, 64, 0x2a6fc0);
    tint.gradient(0, 1, 0x174a94, 0x6fa8e0).rect(0, 0.93, 1, 1, 0xcfe2f4);
    MeshBuilder b = new MeshBuilder();
    vessel(b, Material.glass(tint.texture(), 0.55), -0.75, 0.75, 0.58, 0.6);
    return ObjectModel.round(b.mesh(), -0.2);
  }

  /** A wine glass with a little red wine. */
  private static ObjectModel wine() {
    MeshBuilder b = new MeshBuilder();
    Material clear = Material.glass(0xe6eef0, 0.3);
    b.lathe(
        Material.glazed(Texture.plain(0x5c0c1a)),
        26,
        0.05,
        0.08,
        0.3,
        0.14,
        0.47,
        0.36,
        0.49,
        0.44,
        0,
        0.44);
    b.lathe(
        clear, 28, 0, -1, 0.45, -1, 0.45, -0.97, 0.1, -0.9, 0.05, -0.8, 0.05, -0.2, 0.07, 0.02,
        0.32, 0.12, 0.51, 0.36, 0.53, 0.6, 0.46, 0.99, 0.44, 0.99, 0.5, 0.6);
    return new ObjectModel(b.mesh(), Grip.stick(-0.45, 0.1), StrictMath.PI, 0.5);
  }

  /** A tall conical beer glass, half full, with a printed crest. */
  private static ObjectModel pint() {
    MeshBuilder b = new MeshBuilder();
    Canvas beer = new Canvas(64, 64, 0xd08a1c);
    beer.gradient(0, 1, 0xa86410, 0xe8a832);
    b.lathe(Material.glazed(beer.texture()), 26, 0, -0.86, 0.35, -0.86, 0.47, 0.35, 0, 0.35);
    b.lathe(Material.matte(0xf6f0e0), 26, 0, 0.35, 0.47, 0.35, 0.49, 0.52, 0, 0.54);
    Canvas print = new Canvas(128, 64, 0xe6eef0);
    print.disc(0.5, 0.5, 0.1, 0.2, 0xb01e28).text(131, 0.42, 0.42, 0.16, 3, 0xffffff);
    vessel(b, Material.glass(print.texture(), 0.3), -0.98, 0.98, 0.38, 0.54);
    return ObjectModel.round(b.mesh(), -0.3);
  }

  /** A heavy green glass with a handle. */
  private static ObjectModel greenMug() {
    MeshBuilder b = new MeshBuilder();
    Canvas dimples = new Canvas(256, 64, 0x5a9a5c);
    for (int i = 0; i < 20; i++) {
      double y = i % 2 == 0 ? 0.3 : 0.52;
      dimples.disc((i + 0.5) / 20, y, 0.022, 0.1, 0x9fd0a0);
    }
    Material green = Material.glass(dimples.texture(), 0.6);
    vessel(b, green, -0.8, 0.8, 0.55, 0.57);
    double[] handle =
        Paths.spline(4, 0.54, 0.5, 0, 0.82, 0.52, 0, 0.98, 0.2, 0, 0.92, -0.25, 0, 0.55, -0.42, 0);
    b.tube(green, 9, false, handle, Paths.constant(0.09, handle.length / 3));
    return ObjectModel.round(b.mesh(), -0.2).heldAt(Grip.stick(-0.25, 0.56));
  }

  /** An open vessel with a thick bottom. */
  private static void vessel(
      MeshBuilder b, Material material, double y0, double y1, double bottom, double top) {
    double wall = 0.05;
    b.lathe(
        material,
        30,
        0,
        y0,
        bottom - 0.03,
        y0,
        bottom,
        y0 + 0.04,
        top,
        y1,
        top - wall,
        y1,
        bottom - wall,
        y0 + 0.2,
        0,
        y0 + 0.16);
  }
}
