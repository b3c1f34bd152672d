package dev.accrete.cl.data.sim;

import java.util.List;

/** Objects 1-5: travel and multi plug adapters. */
final class PlugAdapters {
  private static final Material PIN = Material.metal(0xc9b27a);
  private static final Material STEEL = Material.metal(0xc8ccd0);

  private PlugAdapters() {}

  static List<ObjectModel> all() {
    return List.of(roundWhite(), blackCube(), tripleGrey(), usbCharger(), twoTone());
  }

  /** A white disc-shaped adapter with a recessed two-pin socket. */
  private static ObjectModel roundWhite() {
    Canvas face = new Canvas(128, 128, 0xe9e6de);
    face.ring(0.5, 0.5, 0.42, 0.42, 0.9, 0xa8a49a).disc(0.5, 0.5, 0.36, 0.36, 0xd6d2c6);
    face.disc(0.33, 0.5, 0.055, 0.055, 0x1a1a1a).disc(0.67, 0.5, 0.055, 0.055, 0x1a1a1a);
    face.rect(0.47, 0.14, 0.53, 0.2, 0x8c8a84).rect(0.47, 0.8, 0.53, 0.86, 0x8c8a84);
    Material body = Material.plastic(0xe9e6de);
    MeshBuilder b = new MeshBuilder();
    b.extrude(
        Material.plastic(face.texture()),
        body,
        body,
        -0.1,
        0.45,
        0.08,
        Paths.ellipse(0, 0, 0.78, 0.78, 28));
    b.slab(body, -0.42, -0.1, 0.03, Paths.ellipse(0, 0, 0.5, 0.5, 20));
    Grip grip = Grip.around(b.mesh(), -0.1);
    pins(b, PIN, 0.28, 0.075, -0.42);
    return ObjectModel.round(b.mesh(), -0.1).heldAt(grip);
  }

  /** A black cube with three flat British pins on its back and a universal socket. */
  private static ObjectModel blackCube() {
    Canvas face = new Canvas(128, 128, 0x26272b);
    face.roundRect(0.12, 0.12, 0.88, 0.88, 0x3a3c42);
    face.rect(0.27, 0.36, 0.35, 0.6, 0x050505).rect(0.65, 0.36, 0.73, 0.6, 0x050505);
    face.disc(0.5, 0.68, 0.08, 0.08, 0x050505).disc(0.5, 0.24, 0.04, 0.04, 0xd03020);
    face.text(11, 0.34, 0.8, 0.06, 6, 0x9a9a9a);
    Material body = Material.plastic(0x26272b);
    MeshBuilder b = new MeshBuilder();
    b.extrude(
        Material.plastic(face.texture()),
        body,
        body,
        -0.45,
        0.5,
        0.1,
        Paths.roundedRectangle(0.68, 0.72, 0.14));
    Grip grip = Grip.around(b.mesh(), -0.25);
    double[] blade = Paths.roundedRectangle(0.07, 0.12, 0.02);
    b.at(Affine.translation(0, 0.3, 0)).slab(STEEL, -0.85, -0.45, 0.02, blade);
    b.at(Affine.translation(-0.3, -0.25, 0)).slab(STEEL, -0.8, -0.45, 0.02, blade);
    b.at(Affine.translation(0.3, -0.25, 0)).slab(STEEL, -0.8, -0.45, 0.02, blade);
    return ObjectModel.round(b.mesh(), -0.25).heldAt(grip);
  }

  /** A long grey block with three sockets in a row (Italian type L). */
  private static ObjectModel tripleGrey() {
    Canvas face = new Canvas(96, 192, 0xb9bcc0);
    for (int socket = 0; socket < 3; socket++) {
      double y = 0.2 + 0.3 * socket;
      face.roundRect(0.16, y - 0.11, 0.84, y + 0.11, 0xa2a5aa);
      for (int hole = -1; hole <= 1; hole++) {
        face.disc(0.5 + 0.22 * hole, y, 0.06, 0.03, 0x101010);
      }
    }
    Material body = Material.plastic(0xb9bcc0);
    MeshBuilder b = new MeshBuilder();
    b.extrude(
        Material.plastic(face.texture()),
        body,
        body,
        -0.25,
        0.3,
        0.07,
        Paths.roundedRectangle(0.45, 0.98, 0.16));
    Grip grip = Grip.around(b.mesh(), -0.35);
    pins(b, STEEL, 0.2, 0.05, -0.25);
    return ObjectModel.round(b.mesh(), -0.35).heldAt(grip);
  }

  /** A small white charger with a USB port and folding pins on top. */
  private static ObjectModel usbCharger() {
    Canvas face = new Canvas(96, 128, 0xf2f2f0);
    face.roundRect(0.28, 0.22, 0.72, 0.36, 0x606468).rect(0.34, 0.25, 0.66, 0.29, 0x202428);
    face.text(23, 0.2, 0.76, 0.05, 9, 0x9aa0a6).text(29, 0.2, 0.68, 0.05, 7, 0x9aa0a6);
    face.disc(0.5, 0.55, 0.07, 0.05, 0x58b060);
    Material body = Material.glazed(Texture.plain(0xf2f2f0));
    MeshBuilder b = new MeshBuilder();
    b.extrude(
        Material.glazed(face.texture()),
        body,
        body,
        -0.32,
        0.32,
        0.12,
        Paths.roundedRectangle(0.52, 0.66, 0.2));
    Material prong = STEEL;
    double[] profile = {0, 0.55, 0.07, 0.55, 0.07, 1.0, 0.0, 1.06};
    b.at(Affine.translation(-0.22, 0, 0)).lathe(prong, 10, profile);
    b.at(Affine.translation(0.22, 0, 0)).lathe(prong, 10, profile);
    return ObjectModel.round(b.mesh(), -0.3);
  }

  /** A stepped cylinder in dark blue with an orange ring. */
  private static ObjectModel twoTone() {
    Canvas face = new Canvas(128, 128, 0x2b3f66);
    face.disc(0.5, 0.5, 0.4, 0.4, 0x1d2b47);
    for (int i = 0; i < 3; i++) {
      face.disc(0.3 + 0.2 * i, 0.5, 0.05, 0.05, 0x060608);
    }
    face.rect(0.3, 0.66, 0.38, 0.78, 0x060608).rect(0.62, 0.66, 0.7, 0.78, 0x060608);
    Material blue = Material.plastic(0x2b3f66);
    MeshBuilder b = new MeshBuilder();
    double[] disc = Paths.ellipse(0, 0, 0.66, 0.66, 26);
    b.extrude(Material.plastic(face.texture()), blue, blue, 0.1, 0.6, 0.06, disc);
    b.slab(Material.plastic(0xe07a1c), -0.06, 0.1, 0.02, Paths.ellipse(0, 0, 0.72, 0.72, 26));
    b.slab(blue, -0.5, -0.06, 0.05, Paths.roundedRectangle(0.5, 0.6, 0.25));
    Grip grip = Grip.around(b.mesh(), -0.15);
    pins(b, PIN, 0.24, 0.07, -0.5);
    return ObjectModel.round(b.mesh(), -0.15).heldAt(grip);
  }

  private static void pins(MeshBuilder b, Material metal, double apart, double radius, double z) {
    double[] path = {0, 0, z + 0.05, 0, 0, z - 0.2, 0, 0, z - 0.42};
    double[] radii = {radius, radius, radius};
    b.at(Affine.translation(-apart, 0, 0)).tube(metal, 8, false, path, radii);
    b.at(Affine.translation(apart, 0, 0)).tube(metal, 8, false, path, radii);
    b.at(Affine.IDENTITY);
  }
}
