package dev.accrete.cl.data.sim;

import java.util.List;

/** Objects 6-10: mobile phones, with and without keys. */
final class MobilePhones {
  private MobilePhones() {}

  static List<ObjectModel> all() {
    return List.of(blackTouch(), whiteTouch(), silverKeypad(), blueTiles(), querty());
  }

  private static ObjectModel blackTouch() {
    Canvas front = new Canvas(96, 192, 0x101114);
    front.rect(0.07, 0.11, 0.93, 0.88, 0x203a66);
    front.gradient(0.7, 0.71, 0x203a66, 0x203a66);
    icons(front, 4, 5, 0.12, 0.3, 0.83, 71);
    front.rect(0.07, 0.11, 0.93, 0.22, 0x182436);
    front.roundRect(0.38, 0.04, 0.62, 0.075, 0x2c2f36).rect(0.4, 0.93, 0.6, 0.94, 0x44474d);
    Canvas back = new Canvas(96, 192, 0x1b1c20);
    back.disc(0.5, 0.86, 0.1, 0.05, 0x55585e).disc(0.5, 0.86, 0.06, 0.03, 0x08090b);
    back.text(31, 0.3, 0.5, 0.05, 7, 0x8f949b);
    return phone(front, back, 0x17181b, 0.5, 0.98, 0.07, 0.12);
  }

  private static ObjectModel whiteTouch() {
    Canvas front = new Canvas(96, 192, 0xf1f1ef);
    front.rect(0.06, 0.14, 0.94, 0.86, 0x8fb6c9);
    icons(front, 4, 6, 0.1, 0.17, 0.84, 83);
    front.ring(0.5, 0.065, 0.1, 0.05, 0.75, 0xb8b8b6).roundRect(0.38, 0.92, 0.62, 0.935, 0x4a4a4a);
    Canvas back = new Canvas(96, 192, 0xd9dadb);
    back.disc(0.16, 0.94, 0.06, 0.03, 0x22242a).disc(0.5, 0.62, 0.12, 0.06, 0x9a9ca0);
    back.text(37, 0.32, 0.2, 0.03, 10, 0xa6a8ac);
    return phone(front, back, 0xd4d5d7, 0.49, 0.97, 0.06, 0.15);
  }

  private static ObjectModel silverKeypad() {
    Canvas front = new Canvas(96, 224, 0xa9adb3);
    front.roundRect(0.1, 0.56, 0.9, 0.93, 0x24272c).rect(0.16, 0.6, 0.84, 0.88, 0x9fb98a);
    front.text(41, 0.22, 0.8, 0.035, 8, 0x26301f).text(43, 0.22, 0.72, 0.035, 6, 0x26301f);
    front.button(0.5, 0.49, 0.3, 0.06, 0xd8dade);
    front.button(0.2, 0.49, 0.2, 0.045, 0x4f9d57).button(0.8, 0.49, 0.2, 0.045, 0xb9433c);
    keys(front, 3, 4, 0.1, 0.9, 0.05, 0.42, 0xe4e6e8);
    Canvas back = new Canvas(96, 224, 0x7d8288);
    back.rect(0.1, 0.1, 0.9, 0.6, 0x6c7177).disc(0.5, 0.8, 0.1, 0.045, 0x2a2c30);
    return phone(front, back, 0x8b9096, 0.4, 0.95, 0.13, 0.2);
  }

  private static ObjectModel blueTiles() {
    Canvas front = new Canvas(96, 192, 0x0b0c0e);
    long seed = 97;
    for (int row = 0; row < 5; row++) {
      boolean wide = row % 2 == 1;
      double y = 0.16 + row * 0.145;
      int tint = row == 2 ? 0xd0562a : 0x1c7fc4;
      front.rect(0.08, y, wide ? 0.92 : 0.48, y + 0.13, tint);
      if (!wide) {
        front.rect(0.52, y, 0.92, y + 0.13, Noise.unit(seed, row) < 0.4 ? 0x3f9c45 : 0x1c7fc4);
      }
      front.text(seed + row, 0.14, y + 0.03, 0.035, 4, 0xf4f6f8);
    }
    front.rect(0.2, 0.05, 0.28, 0.08, 0xc8ccd0).disc(0.5, 0.065, 0.05, 0.02, 0xc8ccd0);
    Canvas back = new Canvas(96, 192, 0x1a77c9);
    back.disc(0.5, 0.75, 0.16, 0.08, 0x12406a).disc(0.5, 0.75, 0.09, 0.045, 0x0a0c10);
    back.text(47, 0.3, 0.45, 0.04, 6, 0xdbe7f2);
    return phone(front, back, 0x1a77c9, 0.52, 0.98, 0.09, 0.06);
  }

  /** A wide business phone with a full keyboard. */
  private static ObjectModel querty() {
    Canvas front = new Canvas(128, 192, 0x1d1e22);
    front.rect(0.1, 0.52, 0.9, 0.92, 0x3b5f86).rect(0.1, 0.52, 0.9, 0.6, 0xcfd6dd);
    front.text(53, 0.16, 0.8, 0.05, 9, 0xf0f3f6).disc(0.7, 0.7, 0.1, 0.07, 0xe2c14a);
    front.button(0.5, 0.46, 0.18, 0.05, 0x6b6f76).rect(0.06, 0.425, 0.94, 0.435, 0x7f848b);
    keys(front, 10, 4, 0.06, 0.94, 0.06, 0.4, 0x3d4046);
    Canvas back = new Canvas(128, 192, 0x232428);
    back.noise(5, 60, 60, 1, 0.15).rect(0.1, 0.72, 0.9, 0.9, 0x3c3e44);
    back.disc(0.5, 0.81, 0.08, 0.055, 0x0a0a0c).disc(0.5, 0.4, 0.1, 0.06, 0x83878d);
    return phone(front, back, 0x55585e, 0.6, 0.92, 0.1, 0.14);
  }

  private static ObjectModel phone(
      Canvas front, Canvas back, int side, double w, double h, double halfDepth, double corner) {
    MeshBuilder b = new MeshBuilder();
    b.extrude(
        Material.glazed(front.texture()),
        Material.plastic(back.texture()),
        Material.plastic(side),
        -halfDepth,
        halfDepth,
        halfDepth * 0.45,
        Paths.roundedRectangle(w, h, corner));
    return ObjectModel.flat(b.mesh(), -0.42, 0.5);
  }

  private static void icons(
      Canvas canvas, int columns, int rows, double left, double bottom, double top, long seed) {
    double w = (1 - 2 * left) / columns;
    double h = (top - bottom) / rows;
    int[] palette = {0xe2574c, 0xf0b23c, 0x58b368, 0x4a90d9, 0x9b6bd1, 0xf2f2f2, 0x36c2c2};
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        int colour = palette[(int) (Noise.unit(seed, 10 * r + c) * palette.length)];
        double x = left + (c + 0.5) * w;
        double y = bottom + (r + 0.5) * h;
        canvas.roundRect(x - 0.34 * w, y - 0.3 * h, x + 0.34 * w, y + 0.3 * h, colour);
      }
    }
  }

  private static void keys(
      Canvas canvas,
      int columns,
      int rows,
      double left,
      double right,
      double bottom,
      double top,
      int colour) {
    double w = (right - left) / columns;
    double h = (top - bottom) / rows;
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        double x = left + (c + 0.5) * w;
        double y = bottom + (r + 0.5) * h;
        canvas.button(x, y, 0.8 * w, 0.68 * h, colour);
        canvas.text(10 * r + c, x - 0.1 * w, y - 0.15 * h, 0.35 * h, 1, 0x202226);
      }
    }
  }
}
