package dev.accrete.cl.data.sim;

import java.util.function.DoubleUnaryOperator;

/** The hand and forearm of the person who shows the object, wrapped around its grip. */
final class Hand {
  private static final double FINGER = 0.125;
  private static final double FINGER_LENGTH = 1.5;
  private static final int STEPS = 9;

  private final Material skin;
  private final Material palm;
  private final Material thumbSkin;
  private final Material sleeve;

  Hand(int skinColour, int sleeveColour) {
    this.skin = new Material(skinTexture(skinColour, false), 0.12f, 3, 0, 1);
    this.palm =
        new Material(
            new Canvas(32, 32, skinColour).noise(35, 4, 6, 3, 0.06).texture(), 0.12f, 3, 0, 1);
    this.thumbSkin = new Material(skinTexture(skinColour, true), 0.12f, 3, 0, 1);
    Canvas cloth = new Canvas(32, 64, sleeveColour);
    cloth.noise(21, 6, 10, 3, 0.25).rect(0, 0, 1, 0.12, Canvas.scale(sleeveColour, 0.75));
    this.sleeve = Material.matte(cloth.texture());
  }

  /** Appends the hand, in the space in which the object has been turned by {@code pose.spin()}. */
  void build(Mesh mesh, Affine placement, Grip grip, Pose pose) {
    double side = pose.leftHanded() ? -1 : 1;
    double y = grip.height() + pose.slide();
    MeshBuilder builder = new MeshBuilder(mesh);
    builder.at(placement.after(Affine.translation(0, y, 0)).after(Affine.scaling(side, 1, 1)));
    DoubleUnaryOperator surface =
        angle ->
            Math.max(0.07, grip.reach(pose.spin() + (side > 0 ? angle : StrictMath.PI - angle)))
                + 0.9 * FINGER;
    palmAndArm(builder, surface.applyAsDouble(0));
    thumb(builder, surface);
    double[] rows = {0.3, 0.07, -0.16, -0.37};
    double[] lengths = {0.92, 1.05, 1.0, 0.82};
    for (int i = 0; i < rows.length; i++) {
      finger(builder, surface, rows[i], lengths[i] * FINGER_LENGTH, i == 3 ? 0.85 : 1);
    }
  }

  private void palmAndArm(MeshBuilder builder, double a) {
    double[] path =
        Paths.spline(
            3, a + 0.04, 0.02, -0.12, a + 0.18, -0.1, 0.12, a + 0.36, -0.36, 0.34, a + 0.62, -0.85,
            0.6);
    int n = path.length / 3;
    double[] radii = new double[n];
    for (int i = 0; i < n; i++) {
      double t = (double) i / (n - 1);
      radii[i] = 0.27 + 0.1 * StrictMath.sin(StrictMath.PI * Math.min(1, 1.25 * t));
    }
    builder.tube(palm, 14, false, path, radii);
    double[] heel = {a + 0.02, 0.3, -0.1, a + 0.16, 0.05, 0.1, a + 0.34, -0.3, 0.3};
    builder.tube(palm, 12, false, heel, new double[] {0.14, 0.24, 0.28});
    double[] arm = {a + 0.5, -0.62, 0.5, a + 0.85, -1.35, 0.8, a + 1.3, -3.2, 1.1};
    builder.tube(palm, 12, false, arm, new double[] {0.27, 0.29, 0.38});
    double[] cuff = {a + 0.86, -1.3, 0.8, a + 1.0, -1.75, 0.88, a + 1.4, -3.4, 1.15};
    builder.tube(sleeve, 14, false, cuff, new double[] {0.36, 0.4, 0.5});
  }

  private void thumb(MeshBuilder builder, DoubleUnaryOperator surface) {
    double reach = Math.min(1.25, 0.75 / Math.max(0.35, surface.applyAsDouble(0.5)));
    double[] path = new double[3 * STEPS];
    double[] radii = new double[STEPS];
    for (int i = 0; i < STEPS; i++) {
      double t = (double) i / (STEPS - 1);
      double angle = 0.15 + reach * t;
      double r = surface.applyAsDouble(angle) + 0.1 * StrictMath.sin(StrictMath.PI * t);
      path[3 * i] = (r + 0.1 * (1 - t)) * StrictMath.cos(angle);
      path[3 * i + 1] = -0.12 + 0.42 * t;
      path[3 * i + 2] = r * StrictMath.sin(angle) + 0.22 * (1 - t);
      radii[i] = 0.2 - 0.07 * t + 0.015 * StrictMath.sin(2 * StrictMath.PI * t);
    }
    builder.tube(thumbSkin, 12, false, path, radii);
  }

  /** A finger that runs behind the object and, if long enough, shows its tip on the far side. */
  private void finger(
      MeshBuilder builder, DoubleUnaryOperator surface, double y, double length, double thickness) {
    double[] path = new double[3 * STEPS];
    double[] radii = new double[STEPS];
    double end = reachAround(surface, length);
    for (int i = 0; i < STEPS; i++) {
      double t = (double) i / (STEPS - 1);
      double angle = 0.1 - (end + 0.1) * t;
      double r = surface.applyAsDouble(angle);
      path[3 * i] = r * StrictMath.cos(angle);
      path[3 * i + 1] = y + 0.07 * StrictMath.sin(StrictMath.PI * t) - 0.05 * t;
      path[3 * i + 2] = r * StrictMath.sin(angle);
      double knuckle = StrictMath.cos(6 * StrictMath.PI * t);
      radii[i] = thickness * (FINGER * (1.12 - 0.24 * t) + 0.006 * knuckle);
    }
    builder.tube(skin, 9, false, path, radii);
  }

  /** The angle around the object at which a finger of the given length ends. */
  private static double reachAround(DoubleUnaryOperator surface, double length) {
    double used = 0;
    double angle = 0;
    double before = surface.applyAsDouble(0);
    while (used < length && angle < 3.75) {
      angle += 0.05;
      double r = surface.applyAsDouble(-angle);
      double across = 0.05 * r;
      used += Math.sqrt(across * across + (r - before) * (r - before));
      before = r;
    }
    return angle;
  }

  private static Texture skinTexture(int colour, boolean nail) {
    Canvas canvas = new Canvas(64, 64, colour);
    canvas.gradient(0.7, 1, colour, Canvas.blend(colour, 0xd8705c, 0.25));
    for (double crease : new double[] {0.36, 0.4, 0.68, 0.71}) {
      canvas.rect(0, crease, 1, crease + 0.015, Canvas.scale(colour, 0.85));
    }
    canvas.noise(33, 8, 12, 3, 0.07);
    if (nail) {
      canvas.disc(0.25, 0.95, 0.13, 0.1, Canvas.blend(colour, 0xffe4dc, 0.6));
    }
    return canvas.texture();
  }
}
