package dev.accrete.cl.data.sim;

/** The eleven places: eight rooms and three views outdoors. */
final class Backgrounds {
  private static final int SIZE = 384;

  private Backgrounds() {}

  /** Session 1: an office desk in front of a white wall. */
  static Texture desk() {
    Canvas c = new Canvas(SIZE, SIZE, 0xd9d6cf);
    c.rect(0, 0, 1, 0.42, 0xb98d5e).noise(201, 0, 0.42, 3, 50, 3, 0.18);
    c.rect(0, 0.41, 1, 0.43, 0x6d4c2c);
    c.rect(0.3, 0.5, 0.72, 0.86, 0x17181b).rect(0.32, 0.53, 0.7, 0.84, 0x2f5f96);
    c.rect(0.34, 0.56, 0.52, 0.8, 0xe6e9ec).rect(0.54, 0.62, 0.68, 0.82, 0x23272e);
    for (int i = 0; i < 9; i++) {
      c.text(i, 0.355, 0.58 + 0.024 * i, 0.014, 14, 0x5a6068);
    }
    c.rect(0.48, 0.4, 0.54, 0.5, 0x2a2b2f);
    c.polygon(0x2c2d31, 0.26, 0.2, 0.74, 0.2, 0.7, 0.33, 0.3, 0.33);
    for (int i = 0; i < 4; i++) {
      c.rect(0.3, 0.215 + 0.028 * i, 0.7, 0.233 + 0.028 * i, 0x85888d);
    }
    c.disc(0.82, 0.26, 0.04, 0.05, 0x1f2023).rect(0.08, 0.25, 0.2, 0.4, 0xf1efe9);
    c.rect(0.8, 0.43, 0.88, 0.58, 0x8d3b32).rect(0.06, 0.6, 0.2, 0.85, 0xf2d860);
    return distant(c.noise(202, 6, 6, 3, 0.08));
  }

  /** Session 2: rows of book spines. */
  static Texture bookshelf() {
    Canvas c = new Canvas(SIZE, SIZE, 0x3a281a);
    int[] covers = {
      0x8c2f2b, 0x2f4d7c, 0xd8c9a4, 0x3c6b4a, 0x1f1f24, 0xc98a2c, 0x6d3f6e, 0xe4e0d6, 0x4b6f8a
    };
    for (int shelf = 0; shelf < 4; shelf++) {
      double y = 0.02 + 0.25 * shelf;
      double x = 0;
      for (int book = 0; x < 0.99; book++) {
        long key = 100L * shelf + book;
        double w = Math.min(Noise.between(203, key, 0.02, 0.055), 1 - x);
        double h = Noise.between(204, key, 0.15, 0.215);
        int cover = covers[(int) (Noise.unit(205, key) * covers.length)];
        c.rect(x, y, x + w, y + h, Canvas.scale(cover, 0.7));
        c.rect(x + 0.1 * w, y, x + 0.8 * w, y + h, cover);
        c.rect(x + 0.1 * w, y + 0.72 * h, x + 0.8 * w, y + 0.78 * h, Canvas.scale(cover, 1.5));
        x += w;
      }
      c.rect(0, y - 0.02, 1, y, 0x7a5734);
    }
    return distant(c.noise(206, 5, 5, 3, 0.12));
  }

  /** Session 3: kitchen tiles over a counter. */
  static Texture kitchen() {
    Canvas c = new Canvas(SIZE, SIZE, 0xb9b5ad);
    for (int row = 0; row < 10; row++) {
      for (int column = 0; column < 12; column++) {
        double x = column / 12.0;
        double y = 0.34 + row / 14.0;
        int shade = 0xe6e6e0;
        if (Noise.unit(207, 20L * row + column) < 0.12) {
          shade = 0x6f9fb4;
        }
        c.rect(x + 0.004, y + 0.004, x + 1 / 12.0 - 0.004, y + 1 / 14.0 - 0.004, shade);
      }
    }
    c.rect(0, 0, 1, 0.34, 0x6e6a66).blotches(208, 0, 0.34, 60, 60, 0.56, 0x3a3836);
    c.rect(0, 0.31, 1, 0.345, 0xc9c5bd);
    c.rect(0.12, 0.34, 0.3, 0.52, 0xa7322a).rect(0.1, 0.5, 0.32, 0.535, 0xc9cdd2);
    c.rect(0.68, 0.34, 0.76, 0.66, 0x5d7f3a).rect(0.705, 0.66, 0.735, 0.74, 0x2d3a22);
    c.disc(0.88, 0.41, 0.07, 0.07, 0xd8882c).disc(0.8, 0.38, 0.045, 0.05, 0xb8b23a);
    return distant(c.noise(209, 4, 4, 2, 0.06));
  }

  /** Session 4: a lawn, a hedge and the sky. */
  static Texture lawn() {
    Canvas c = new Canvas(SIZE, SIZE, 0x8fb4dc);
    c.gradient(0.75, 1, 0xcfe0ee, 0x6f9fd8).blotches(210, 0.8, 1, 5, 14, 0.55, 0xf4f6f8);
    c.rect(0, 0, 1, 0.5, 0x6c8a48).noise(211, 0, 0.5, 150, 50, 3, 0.28);
    c.blotches(212, 0, 0.5, 9, 16, 0.58, 0x8c9c58).noise(219, 0, 0.5, 5, 9, 3, 0.2);
    c.rect(0, 0.5, 1, 0.78, 0x44603a).noise(213, 0.5, 0.78, 40, 40, 4, 0.4);
    c.blotches(214, 0.74, 0.84, 30, 30, 0.5, 0x3c5834);
    return distant(c);
  }

  /** Session 5: a patterned sofa under a warm lamp. */
  static Texture livingRoom() {
    Canvas c = new Canvas(SIZE, SIZE, 0xc7a678);
    c.noise(215, 3, 3, 2, 0.15).rect(0, 0, 1, 0.62, 0x7b3a34);
    for (int row = 0; row < 9; row++) {
      for (int i = 0; i < 12; i++) {
        double x = (i + 0.5 * (row % 2)) / 12;
        double y = 0.03 + 0.068 * row;
        c.polygon(0xb97d4a, x, y - 0.022, x + 0.028, y, x, y + 0.022, x - 0.028, y);
        c.disc(x, y, 0.008, 0.008, 0x4a1f1e);
      }
    }
    c.rect(0.48, 0, 0.5, 0.6, 0x55231f).rect(0, 0.58, 1, 0.63, 0x8e4a40);
    c.rect(0.08, 0.7, 0.3, 0.95, 0x3a2a1c).rect(0.1, 0.72, 0.28, 0.93, 0x7f97a0);
    c.polygon(0xf7e3a8, 0.66, 0.74, 0.9, 0.74, 0.84, 0.95, 0.72, 0.95);
    return distant(c.noise(216, 70, 70, 1, 0.12));
  }

  /** Session 6: a corridor with doors, in perspective. */
  static Texture corridor() {
    Canvas c = new Canvas(SIZE, SIZE, 0xb8bdb6);
    c.polygon(0x85908c, 0, 0, 1, 0, 0.6, 0.4, 0.4, 0.4);
    c.polygon(0xe2e5e0, 0, 1, 1, 1, 0.6, 0.66, 0.4, 0.66);
    c.rect(0.4, 0.4, 0.6, 0.66, 0x6f7d80).rect(0.46, 0.4, 0.54, 0.58, 0xc9d4d6);
    c.polygon(0xcdd2cb, 1, 0, 1, 1, 0.6, 0.66, 0.6, 0.4);
    for (int i = 0; i < 3; i++) {
      double near = 0.03 + 0.14 * i;
      double far = near + 0.085;
      c.polygon(0x74583c, near, near, far, far, far, 0.75 - 0.2 * far, near, 0.78 - 0.15 * near);
      c.polygon(
          0x3f5d78,
          1 - near,
          near,
          1 - near,
          0.78 - 0.15 * near,
          1 - far,
          0.75 - 0.2 * far,
          1 - far,
          far);
      c.polygon(
          0xf8faf6,
          0.44 - 0.05 * (3 - i),
          0.7 + 0.1 * (3 - i),
          0.56 + 0.05 * (3 - i),
          0.7 + 0.1 * (3 - i),
          0.545 + 0.045 * (3 - i),
          0.68 + 0.09 * (3 - i),
          0.455 - 0.045 * (3 - i),
          0.68 + 0.09 * (3 - i));
    }
    for (int i = 1; i < 9; i++) {
      double y = 0.4 - 0.4 / i;
      c.line(y, y, 1 - y, y, 0.006, 0x6a7470).line(0.5, 0.5, i / 8.0, 0, 0.004, 0x6a7470);
    }
    return distant(c.noise(217, 5, 5, 3, 0.07));
  }

  /** Session 7: curtains at dusk beside a dark window. */
  static Texture curtains() {
    Canvas c = new Canvas(SIZE, SIZE, 0xa88a62);
    for (int fold = 0; fold < 22; fold++) {
      double x = fold / 22.0;
      double w = Noise.between(218, fold, 0.008, 0.03);
      c.rect(x, 0, x + w, 1, 0x6b5236).rect(x + w, 0, x + w + 0.01, 1, 0xc9a878);
    }
    c.rect(0.36, 0.12, 0.7, 1, 0x1e2740).gradient(0, 0.12, 0x4d3824, 0x7a5c3c);
    c.rect(0.36, 0.12, 0.7, 1, 0x1e2740).rect(0.52, 0.12, 0.54, 1, 0xd2c8b4);
    c.rect(0.36, 0.54, 0.7, 0.56, 0xd2c8b4).rect(0.34, 0.1, 0.72, 0.13, 0xd2c8b4);
    for (int i = 0; i < 16; i++) {
      double x = Noise.between(219, i, 0.37, 0.69);
      double y = Noise.between(220, i, 0.14, 0.5);
      c.disc(x, y, 0.007, 0.007, i % 3 == 0 ? 0xffb050 : 0xffe6a8);
    }
    return distant(c.noise(221, 4, 30, 2, 0.12));
  }

  /** Session 8: a whiteboard full of writing and diagrams. */
  static Texture whiteboard() {
    Canvas c = new Canvas(SIZE, SIZE, 0xeceff1);
    int[] inks = {0x2a4fa0, 0x1c1c20, 0xb42a2a, 0x2a7a42};
    for (int line = 0; line < 13; line++) {
      int words = 2 + (int) (Noise.unit(222, line) * 3);
      double x = Noise.between(223, line, 0.02, 0.2);
      for (int word = 0; word < words; word++) {
        int letters = 3 + (int) (Noise.unit(224, 10L * line + word) * 5);
        int ink = inks[(int) (Noise.unit(225, line) * 4)];
        c.text(10L * line + word, x, 0.2 + 0.06 * line, 0.035, letters, ink);
        x += 0.022 * letters + 0.05;
      }
    }
    c.ring(0.72, 0.6, 0.13, 0.13, 0.94, 0xb42a2a).line(0.55, 0.35, 0.9, 0.8, 0.01, 0x2a4fa0);
    c.ring(0.3, 0.4, 0.1, 0.08, 0.92, 0x2a7a42);
    c.rect(0, 0.1, 1, 0.14, 0xa8adb2).rect(0, 0, 1, 0.1, 0xc4cacc);
    c.rect(0.3, 0.14, 0.38, 0.16, 0xb42a2a).rect(0.42, 0.14, 0.5, 0.16, 0x2a4fa0);
    return distant(c.noise(226, 3, 3, 3, 0.06));
  }

  /** Session 9: a parquet floor with the corner of a rug. */
  static Texture woodenFloor() {
    Canvas c = new Canvas(SIZE, SIZE, 0x9a6a3c);
    for (int row = 0; row < 14; row++) {
      for (int i = 0; i < 4; i++) {
        double x = (i + Noise.unit(227, row)) / 4;
        double y = row / 14.0;
        int wood = Canvas.blend(0x7d5028, 0xbe8a54, Noise.unit(228, 10L * row + i));
        c.rect(x, y, x + 0.25, y + 1 / 14.0, wood).rect(x, y, x + 0.004, y + 1 / 14.0, 0x4a2f18);
      }
      c.rect(0, row / 14.0, 1, row / 14.0 + 0.004, 0x4a2f18);
    }
    c.noise(229, 4, 90, 3, 0.16);
    c.polygon(0x34506e, 0.55, 0, 1, 0, 1, 0.62).polygon(0xd8ceb4, 0.6, 0, 0.64, 0, 1, 0.5, 1, 0.56);
    c.polygon(0x8e3230, 0.72, 0, 0.8, 0, 1, 0.28, 1, 0.39);
    return distant(c.noise(230, 90, 90, 1, 0.06));
  }

  /** Session 10: a brick wall and paving in hard sunlight. */
  static Texture brickWall() {
    Canvas c = new Canvas(SIZE, SIZE, 0xc2b6a6);
    for (int row = 0; row < 18; row++) {
      for (int i = 0; i < 10; i++) {
        double x = (i + 0.5 * (row % 2)) / 10;
        double y = 0.3 + row / 25.0;
        int brick = Canvas.blend(0x8e4630, 0xc47a52, Noise.unit(231, 20L * row + i));
        c.rect(x + 0.004, y + 0.004, x + 0.096, y + 0.036, brick);
      }
    }
    c.rect(0, 0, 1, 0.3, 0xb5b0a6);
    for (int row = 0; row < 5; row++) {
      for (int i = 0; i < 9; i++) {
        double x = (i + 0.5 * (row % 2)) / 9;
        double y = 0.06 * row;
        int stone = Canvas.blend(0x8f8a82, 0xd2cdc2, Noise.unit(232, 20L * row + i));
        c.roundRect(x + 0.004, y + 0.005, x + 0.107, y + 0.055, stone);
      }
    }
    c.polygon(0x4d3a34, 0, 0.3, 0.24, 0.3, 0.5, 1, 0, 1);
    return distant(c.noise(233, 60, 60, 3, 0.16));
  }

  /** Session 11: trees against an overcast sky, buildings behind. */
  static Texture trees() {
    Canvas c = new Canvas(SIZE, SIZE, 0xd3d8dc);
    c.gradient(0.4, 1, 0xe4e7e9, 0xb9c1c8).rect(0, 0, 1, 0.2, 0x6c6d68);
    c.noise(234, 0, 0.2, 60, 60, 2, 0.15);
    for (int i = 0; i < 5; i++) {
      double x = 0.05 + 0.2 * i;
      double h = Noise.between(235, i, 0.45, 0.75);
      c.rect(x, 0.2, x + 0.15, h, Canvas.blend(0x9a948c, 0xb8a48c, Noise.unit(236, i)));
      for (int w = 0; w < 12; w++) {
        int floor = w / 3;
        double y = 0.26 + 0.06 * floor;
        if (y + 0.04 < h) {
          c.rect(x + 0.02 + 0.04 * (w % 3), y, x + 0.045 + 0.04 * (w % 3), y + 0.035, 0x4c5866);
        }
      }
    }
    c.rect(0.2, 0.1, 0.235, 0.7, 0x43362a).rect(0.76, 0.08, 0.8, 0.7, 0x3c3026);
    c.blotches(237, 0.45, 1, 9, 9, 0.5, 0x4a6136).blotches(238, 0.4, 1, 22, 22, 0.56, 0x2c4020);
    c.blotches(239, 0.12, 0.32, 26, 20, 0.52, 0x56703c);
    return distant(c.noise(240, 50, 50, 3, 0.15));
  }

  /** The camera is focused on the hand, so what lies behind it is soft and pale. */
  private static Texture distant(Canvas canvas) {
    return canvas.blur(2).calm(0.3).texture();
  }
}
