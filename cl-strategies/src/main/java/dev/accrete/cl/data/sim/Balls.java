package dev.accrete.cl.data.sim;

import java.util.List;

/** Objects 31-35: balls. */
final class Balls {
  private Balls() {}

  static List<ObjectModel> all() {
    return List.of(tennis(), football(), basketball(), beach(), baseball());
  }

  private static ObjectModel tennis() {
    Canvas felt = new Canvas(256, 128, 0xc6d93a);
    seam(felt, 0.055, 0xf2f2e6, 0.3).noise(7, 90, 60, 2, 0.2);
    felt.text(139, 0.2, 0.47, 0.07, 5, 0x30402a);
    return ball(Material.matte(felt.texture()), 0.72);
  }

  /** White leather with black spots on the vertices of an icosahedron. */
  private static ObjectModel football() {
    Canvas leather = new Canvas(256, 128, 0xf0f0ec);
    double[][] vertices = icosahedron();
    for (int j = 0; j < 128; j++) {
      for (int i = 0; i < 256; i++) {
        double[] p = onSphere((i + 0.5) / 256, (j + 0.5) / 128);
        double best = -1;
        double second = -1;
        for (double[] v : vertices) {
          double dot = p[0] * v[0] + p[1] * v[1] + p[2] * v[2];
          second = Math.max(second, Math.min(dot, best));
          best = Math.max(best, dot);
        }
        int colour = best > 0.935 ? 0x17181a : best - second < 0.02 ? 0x9a9a96 : 0xf0f0ec;
        leather.rect(i / 256.0, j / 128.0, (i + 1) / 256.0, (j + 1) / 128.0, colour);
      }
    }
    return ball(Material.plastic(leather.texture()), 0.82);
  }

  private static ObjectModel basketball() {
    Canvas rubber = new Canvas(256, 128, 0xc8662a);
    rubber.noise(9, 120, 80, 1, 0.16);
    seam(rubber, 0.028, 0x1c1512, 0.26);
    rubber.rect(0, 0.486, 1, 0.514, 0x1c1512);
    for (int i = 0; i < 4; i++) {
      rubber.rect(i / 4.0 - 0.007, 0, i / 4.0 + 0.007, 1, 0x1c1512);
    }
    return ball(Material.matte(rubber.texture()), 0.84);
  }

  private static ObjectModel beach() {
    Canvas vinyl = new Canvas(256, 128, 0xffffff);
    int[] gores = {0xd9342b, 0xf5f5f0, 0x2a6ec4, 0xf5f5f0, 0xf0c32e, 0xf5f5f0};
    for (int i = 0; i < 6; i++) {
      vinyl.rect(i / 6.0, 0, (i + 1) / 6.0, 1, gores[i]);
    }
    vinyl.rect(0, 0.93, 1, 1, 0xf5f5f0).rect(0, 0, 1, 0.07, 0x2a6ec4);
    return ball(Material.glazed(vinyl.texture()), 0.8);
  }

  /** White leather with red stitches along the seam. */
  private static ObjectModel baseball() {
    Canvas leather = new Canvas(256, 128, 0xece6d8);
    leather.noise(13, 30, 20, 2, 0.05);
    for (int i = 0; i < 90; i++) {
      double u = i / 90.0;
      double v = seamHeight(u, 0.3);
      leather.line(u - 0.012, v - 0.03, u, v, 0.014, 0xc22a2a);
      leather.line(u - 0.012, v + 0.03, u, v, 0.014, 0xc22a2a);
    }
    leather.text(149, 0.43, 0.62, 0.09, 6, 0x2b3a78);
    return ball(Material.plastic(leather.texture()), 0.68);
  }

  private static ObjectModel ball(Material material, double radius) {
    MeshBuilder b = new MeshBuilder();
    b.ellipsoid(material, 32, radius, radius, radius);
    return new ObjectModel(b.mesh(), Grip.around(b.mesh(), -0.15), StrictMath.PI, 1.2);
  }

  /** The wavy seam of tennis balls and baseballs, in texture coordinates. */
  private static Canvas seam(Canvas canvas, double thickness, int colour, double amplitude) {
    int steps = 120;
    for (int i = 0; i < steps; i++) {
      double u0 = (double) i / steps;
      double u1 = (double) (i + 1) / steps;
      canvas.line(u0, seamHeight(u0, amplitude), u1, seamHeight(u1, amplitude), thickness, colour);
    }
    return canvas;
  }

  private static double seamHeight(double u, double amplitude) {
    return 0.5 + amplitude * StrictMath.sin(4 * StrictMath.PI * u);
  }

  private static double[] onSphere(double u, double v) {
    double latitude = StrictMath.PI * (v - 0.5);
    double longitude = 2 * StrictMath.PI * u;
    double c = StrictMath.cos(latitude);
    return new double[] {
      c * StrictMath.sin(longitude), StrictMath.sin(latitude), c * StrictMath.cos(longitude)
    };
  }

  private static double[][] icosahedron() {
    double a = 0.5257311121191336;
    double b = 0.8506508083520399;
    return new double[][] {
      {a, b, 0}, {-a, b, 0}, {a, -b, 0}, {-a, -b, 0},
      {0, a, b}, {0, -a, b}, {0, a, -b}, {0, -a, -b},
      {b, 0, a}, {-b, 0, a}, {b, 0, -a}, {-b, 0, -a}
    };
  }
}
