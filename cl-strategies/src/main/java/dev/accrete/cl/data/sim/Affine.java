package dev.accrete.cl.data.sim;

/** An affine map of space, row-major 3x4. Immutable. */
record Affine(
    double xx,
    double xy,
    double xz,
    double xt,
    double yx,
    double yy,
    double yz,
    double yt,
    double zx,
    double zy,
    double zz,
    double zt) {
  static final Affine IDENTITY = new Affine(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0);

  static Affine translation(double x, double y, double z) {
    return new Affine(1, 0, 0, x, 0, 1, 0, y, 0, 0, 1, z);
  }

  static Affine scaling(double x, double y, double z) {
    return new Affine(x, 0, 0, 0, 0, y, 0, 0, 0, 0, z, 0);
  }

  /** Rotation about the x axis; angles are in radians. */
  static Affine rotationX(double angle) {
    double c = StrictMath.cos(angle);
    double s = StrictMath.sin(angle);
    return new Affine(1, 0, 0, 0, 0, c, -s, 0, 0, s, c, 0);
  }

  static Affine rotationY(double angle) {
    double c = StrictMath.cos(angle);
    double s = StrictMath.sin(angle);
    return new Affine(c, 0, s, 0, 0, 1, 0, 0, -s, 0, c, 0);
  }

  static Affine rotationZ(double angle) {
    double c = StrictMath.cos(angle);
    double s = StrictMath.sin(angle);
    return new Affine(c, -s, 0, 0, s, c, 0, 0, 0, 0, 1, 0);
  }

  /** This map applied after {@code first}. */
  Affine after(Affine first) {
    return new Affine(
        xx * first.xx + xy * first.yx + xz * first.zx,
        xx * first.xy + xy * first.yy + xz * first.zy,
        xx * first.xz + xy * first.yz + xz * first.zz,
        xx * first.xt + xy * first.yt + xz * first.zt + xt,
        yx * first.xx + yy * first.yx + yz * first.zx,
        yx * first.xy + yy * first.yy + yz * first.zy,
        yx * first.xz + yy * first.yz + yz * first.zz,
        yx * first.xt + yy * first.yt + yz * first.zt + yt,
        zx * first.xx + zy * first.yx + zz * first.zx,
        zx * first.xy + zy * first.yy + zz * first.zy,
        zx * first.xz + zy * first.yz + zz * first.zz,
        zx * first.xt + zy * first.yt + zz * first.zt + zt);
  }

  double pointX(double x, double y, double z) {
    return xx * x + xy * y + xz * z + xt;
  }

  double pointY(double x, double y, double z) {
    return yx * x + yy * y + yz * z + yt;
  }

  double pointZ(double x, double y, double z) {
    return zx * x + zy * y + zz * z + zt;
  }

  /** The map for normals: the cofactor matrix (inverse transpose times determinant). */
  Affine forNormals() {
    return new Affine(
        yy * zz - yz * zy,
        yz * zx - yx * zz,
        yx * zy - yy * zx,
        0,
        xz * zy - xy * zz,
        xx * zz - xz * zx,
        xy * zx - xx * zy,
        0,
        xy * yz - xz * yy,
        xz * yx - xx * yz,
        xx * yy - xy * yx,
        0);
  }

  double determinant() {
    return xx * (yy * zz - yz * zy) - xy * (yx * zz - yz * zx) + xz * (yx * zy - yy * zx);
  }
}
