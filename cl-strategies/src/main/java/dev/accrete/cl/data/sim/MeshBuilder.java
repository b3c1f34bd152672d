package dev.accrete.cl.data.sim;

/**
 * Builds meshes from three families of surfaces: turned ({@link #lathe}), cut out of a sheet
 * ({@link #extrude}) and bent around a path ({@link #tube}).
 */
final class MeshBuilder {
  /** Neighbouring faces whose normals differ by more than this cosine keep a sharp edge. */
  private static final double CREASE = 0.6;

  /** Cosine and sine of the corners of regular polygons, by number of corners. */
  private static final double[][] CIRCLES = circles(32);

  private final Mesh mesh;
  private Affine map = Affine.IDENTITY;
  private Affine normalMap = Affine.IDENTITY;
  private boolean mirrored;

  MeshBuilder() {
    this(new Mesh());
  }

  /** Appends to an existing mesh. */
  MeshBuilder(Mesh mesh) {
    this.mesh = mesh;
  }

  Mesh mesh() {
    return mesh;
  }

  /** Places what is built from now on; replaces the previous placement. */
  MeshBuilder at(Affine placement) {
    map = placement;
    mirrored = placement.determinant() < 0;
    Affine n = placement.forNormals();
    normalMap = mirrored ? Affine.scaling(-1, -1, -1).after(n) : n;
    return this;
  }

  /**
   * A surface of revolution about the y axis.
   *
   * @param profile r0, y0, r1, y1, ... counter-clockwise: up on the outside, down on the inside.
   *     The texture goes around with u (0.5 faces +z) and along the profile with v.
   */
  MeshBuilder lathe(Material material, int segments, double... profile) {
    int n = profile.length / 2;
    double[] along = new double[n];
    for (int i = 1; i < n; i++) {
      double dr = profile[2 * i] - profile[2 * i - 2];
      double dy = profile[2 * i + 1] - profile[2 * i - 1];
      along[i] = along[i - 1] + Math.sqrt(dr * dr + dy * dy);
    }
    int number = mesh.materialNumber(material);
    for (int i = 0; i + 1 < n; i++) {
      double[] here = faceNormal(profile, i);
      double[] low = i > 0 ? joined(here, faceNormal(profile, i - 1)) : here;
      double[] high = i + 2 < n ? joined(here, faceNormal(profile, i + 1)) : here;
      int base = mesh.vertexCount();
      for (int j = 0; j <= segments; j++) {
        double u = (double) j / segments;
        double sin = -StrictMath.sin(2 * StrictMath.PI * u);
        double cos = -StrictMath.cos(2 * StrictMath.PI * u);
        turned(profile[2 * i], profile[2 * i + 1], low, sin, cos, u, along[i] / along[n - 1]);
        turned(
            profile[2 * i + 2], profile[2 * i + 3], high, sin, cos, u, along[i + 1] / along[n - 1]);
      }
      for (int j = 0; j < segments; j++) {
        int k = base + 2 * j;
        quad(k, k + 2, k + 3, k + 1, number);
      }
    }
    return this;
  }

  /** An ellipsoid around the origin with poles on the y axis. */
  MeshBuilder ellipsoid(Material material, int segments, double rx, double ry, double rz) {
    int n = segments / 2;
    double[] profile = new double[2 * n + 2];
    for (int i = 0; i <= n; i++) {
      double angle = StrictMath.PI * ((double) i / n - 0.5);
      profile[2 * i] = i == 0 || i == n ? 0 : StrictMath.cos(angle);
      profile[2 * i + 1] = StrictMath.sin(angle);
    }
    Affine placed = map;
    at(placed.after(Affine.scaling(rx, ry, rz)));
    lathe(material, segments, profile);
    return at(placed);
  }

  /**
   * A slab with bevelled edges between the planes z0 and z1.
   *
   * @param outline x0, y0, x1, y1, ... counter-clockwise seen from +z, star-shaped about its centre
   */
  MeshBuilder extrude(
      Material front,
      Material back,
      Material side,
      double z0,
      double z1,
      double bevel,
      double... outline) {
    int n = outline.length / 2;
    double[] inset = inset(outline, bevel);
    cap(front, inset, z1, true);
    cap(back, inset, z0, false);
    double perimeter = 0;
    for (int k = 0; k < n; k++) {
      perimeter += edgeLength(outline, k);
    }
    int number = mesh.materialNumber(side);
    double u = 0;
    for (int k = 0; k < n; k++) {
      int next = (k + 1) % n;
      double[] here = edgeNormal(outline, k);
      double[] left = joined(here, edgeNormal(outline, (k + n - 1) % n));
      double[] right = joined(here, edgeNormal(outline, next));
      double u2 = u + edgeLength(outline, k) / perimeter;
      int a = rim(outline, inset, k, left, z0, z1, bevel, u);
      int b = rim(outline, inset, next, right, z0, z1, bevel, u2);
      for (int i = 0; i < 3; i++) {
        quad(a + i, b + i, b + i + 1, a + i + 1, number);
      }
      u = u2;
    }
    return this;
  }

  /** {@link #extrude} with one material all over. */
  MeshBuilder slab(Material material, double z0, double z1, double bevel, double... outline) {
    return extrude(material, material, material, z0, z1, bevel, outline);
  }

  /**
   * A tube along a path, round at the ends unless closed. Texture: u around, v along.
   *
   * @param path x0, y0, z0, x1, ...
   * @param segments corners of its cross-section, at most 32
   * @param radii one per path point
   */
  MeshBuilder tube(Material material, int segments, boolean closed, double[] path, double[] radii) {
    int n = radii.length;
    double[] side = {0.3, 0.2, 1};
    int rings = 0;
    int base = mesh.vertexCount();
    for (int i = 0; i < (closed ? n + 1 : n); i++) {
      int k = i % n;
      double[] t = tangent(path, k, n, closed);
      side = orthogonal(side, t);
      double v = (double) i / (closed ? n : n - 1);
      if (i == 0 && !closed) {
        rings += roundEnd(path, k, t, side, radii[k], segments, -1);
      }
      ring(path, k, t, side, radii[k], 0, 0, segments, v);
      rings++;
      if (i == n - 1 && !closed) {
        rings += roundEnd(path, k, t, side, radii[k], segments, 1);
      }
    }
    int number = mesh.materialNumber(material);
    for (int i = 0; i + 1 < rings; i++) {
      for (int j = 0; j < segments; j++) {
        int k = base + i * (segments + 1) + j;
        quad(k, k + 1, k + segments + 2, k + segments + 1, number);
      }
    }
    return this;
  }

  private void turned(
      double r, double y, double[] normal, double sin, double cos, double u, double v) {
    vertex(r * sin, y, r * cos, normal[0] * sin, normal[1], normal[0] * cos, u, v);
  }

  private void cap(Material material, double[] p, double z, boolean front) {
    int n = p.length / 2;
    double[] box = bounds(p);
    double w = box[1] - box[0];
    double h = box[3] - box[2];
    double nz = front ? 1 : -1;
    double cx = (box[0] + box[1]) / 2;
    double cy = (box[2] + box[3]) / 2;
    int centre = vertex(cx, cy, z, 0, 0, nz, 0.5, 0.5);
    for (int k = 0; k < n; k++) {
      // Texture stays off the very edge, where u would wrap around to the opposite side.
      double u = 0.01 + 0.98 * (p[2 * k] - box[0]) / w;
      double v = (p[2 * k + 1] - box[2]) / h;
      vertex(p[2 * k], p[2 * k + 1], z, 0, 0, nz, front ? u : 1 - u, v);
    }
    int number = mesh.materialNumber(material);
    for (int k = 0; k < n; k++) {
      int a = centre + 1 + k;
      int b = centre + 1 + (k + 1) % n;
      triangle(centre, front ? a : b, front ? b : a, number);
    }
  }

  /** Four vertices from back to front at one corner of an outline; returns the first. */
  private int rim(
      double[] outline,
      double[] inset,
      int k,
      double[] normal,
      double z0,
      double z1,
      double bevel,
      double u) {
    double x = outline[2 * k];
    double y = outline[2 * k + 1];
    double ix = inset[2 * k];
    double iy = inset[2 * k + 1];
    int first = vertex(ix, iy, z0, normal[0], normal[1], -1, u, 0);
    vertex(x, y, z0 + bevel, normal[0], normal[1], 0, u, 0.1);
    vertex(x, y, z1 - bevel, normal[0], normal[1], 0, u, 0.9);
    vertex(ix, iy, z1, normal[0], normal[1], 1, u, 1);
    return first;
  }

  private int roundEnd(
      double[] path, int k, double[] t, double[] side, double r, int segments, int direction) {
    int steps = 3;
    for (int i = 0; i < steps; i++) {
      int step = direction < 0 ? i : steps - 1 - i;
      double angle = StrictMath.PI / 2 * (steps - step) / steps;
      double along = direction * StrictMath.sin(angle);
      double radius = r * StrictMath.cos(angle);
      ring(path, k, t, side, radius, along, r, segments, direction < 0 ? 0 : 1);
    }
    return steps;
  }

  /** A ring of vertices; {@code tilt} leans the normals and shifts the ring along the tangent. */
  private void ring(
      double[] path,
      int k,
      double[] t,
      double[] side,
      double radius,
      double tilt,
      double endRadius,
      int segments,
      double v) {
    double[] b = cross(t, side);
    double flat = Math.sqrt(Math.max(0, 1 - tilt * tilt));
    double shift = tilt * endRadius;
    double[] circle = CIRCLES[segments];
    for (int j = 0; j <= segments; j++) {
      double c = circle[2 * j];
      double s = circle[2 * j + 1];
      double nx = c * side[0] + s * b[0];
      double ny = c * side[1] + s * b[1];
      double nz = c * side[2] + s * b[2];
      vertex(
          path[3 * k] + radius * nx + shift * t[0],
          path[3 * k + 1] + radius * ny + shift * t[1],
          path[3 * k + 2] + radius * nz + shift * t[2],
          nx * flat + tilt * t[0],
          ny * flat + tilt * t[1],
          nz * flat + tilt * t[2],
          (double) j / segments,
          v);
    }
  }

  private int vertex(
      double x, double y, double z, double nx, double ny, double nz, double u, double v) {
    return mesh.addVertex(
        map.pointX(x, y, z),
        map.pointY(x, y, z),
        map.pointZ(x, y, z),
        normalMap.pointX(nx, ny, nz),
        normalMap.pointY(nx, ny, nz),
        normalMap.pointZ(nx, ny, nz),
        u,
        v);
  }

  private void quad(int a, int b, int c, int d, int material) {
    triangle(a, b, c, material);
    triangle(a, c, d, material);
  }

  private void triangle(int a, int b, int c, int material) {
    mesh.addTriangle(a, mirrored ? c : b, mirrored ? b : c, material);
  }

  private static double[][] circles(int most) {
    double[][] tables = new double[most + 1][];
    for (int n = 1; n <= most; n++) {
      tables[n] = new double[2 * n + 2];
      for (int j = 0; j <= n; j++) {
        tables[n][2 * j] = StrictMath.cos(2 * StrictMath.PI * j / n);
        tables[n][2 * j + 1] = StrictMath.sin(2 * StrictMath.PI * j / n);
      }
    }
    return tables;
  }

  private static double[] faceNormal(double[] p, int i) {
    double dr = p[2 * i + 2] - p[2 * i];
    double dy = p[2 * i + 3] - p[2 * i + 1];
    double length = Math.sqrt(dr * dr + dy * dy) + 1e-12;
    return new double[] {dy / length, -dr / length};
  }

  private static double[] edgeNormal(double[] p, int k) {
    int next = (k + 1) % (p.length / 2);
    double dx = p[2 * next] - p[2 * k];
    double dy = p[2 * next + 1] - p[2 * k + 1];
    double length = Math.sqrt(dx * dx + dy * dy) + 1e-12;
    return new double[] {dy / length, -dx / length};
  }

  private static double edgeLength(double[] p, int k) {
    int next = (k + 1) % (p.length / 2);
    double dx = p[2 * next] - p[2 * k];
    double dy = p[2 * next + 1] - p[2 * k + 1];
    return Math.sqrt(dx * dx + dy * dy);
  }

  private static double[] joined(double[] a, double[] b) {
    if (a[0] * b[0] + a[1] * b[1] < CREASE) {
      return a;
    }
    double x = a[0] + b[0];
    double y = a[1] + b[1];
    double length = Math.sqrt(x * x + y * y);
    return new double[] {x / length, y / length};
  }

  private static double[] inset(double[] p, double by) {
    int n = p.length / 2;
    double[] result = new double[p.length];
    for (int k = 0; k < n; k++) {
      double[] a = edgeNormal(p, (k + n - 1) % n);
      double[] b = edgeNormal(p, k);
      double x = a[0] + b[0];
      double y = a[1] + b[1];
      double scale = by * 2 / Math.max(0.5, x * x + y * y);
      result[2 * k] = p[2 * k] - x * scale;
      result[2 * k + 1] = p[2 * k + 1] - y * scale;
    }
    return result;
  }

  private static double[] bounds(double[] p) {
    double[] box = {p[0], p[0], p[1], p[1]};
    for (int i = 0; i < p.length; i += 2) {
      box[0] = Math.min(box[0], p[i]);
      box[1] = Math.max(box[1], p[i]);
      box[2] = Math.min(box[2], p[i + 1]);
      box[3] = Math.max(box[3], p[i + 1]);
    }
    return box;
  }

  private static double[] tangent(double[] path, int k, int n, boolean closed) {
    int before = closed ? (k + n - 1) % n : Math.max(0, k - 1);
    int after = closed ? (k + 1) % n : Math.min(n - 1, k + 1);
    double[] t = new double[3];
    for (int c = 0; c < 3; c++) {
      t[c] = path[3 * after + c] - path[3 * before + c];
    }
    return unit(t);
  }

  /** {@code v} without its part along the unit vector {@code t}, normalized. */
  private static double[] orthogonal(double[] v, double[] t) {
    double dot = v[0] * t[0] + v[1] * t[1] + v[2] * t[2];
    double[] r = {v[0] - dot * t[0], v[1] - dot * t[1], v[2] - dot * t[2]};
    boolean parallel = r[0] * r[0] + r[1] * r[1] + r[2] * r[2] < 1e-6;
    return parallel ? orthogonal(new double[] {1, 0.1, 0.2}, t) : unit(r);
  }

  private static double[] cross(double[] a, double[] b) {
    return new double[] {
      a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]
    };
  }

  private static double[] unit(double[] v) {
    double length = Math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]) + 1e-12;
    return new double[] {v[0] / length, v[1] / length, v[2] / length};
  }
}
