package dev.accrete.cl.data.sim;

/** Turns visible triangles into light: diffuse, highlights, reflections and cast shadows. */
final class Shader {
  /** Distances, in object units, at which the way to the light is probed for obstacles. */
  private static final double[] SHADOW_STEPS = {0.07, 0.15, 0.26, 0.4};

  private final Mesh mesh;
  private final Direction light;
  private final double[] key;
  private final double[] sky;
  private final double[] ground;
  private final int size;
  private final int textureLevel;
  private final double samplesPerUnit;
  private final Direction half;
  private final float[] albedo = new float[3];

  /**
   * A shader for one frame.
   *
   * @param size samples per side
   * @param samplesPerUnit samples that one object unit covers
   */
  Shader(Mesh mesh, Session session, int size, double samplesPerUnit) {
    this.mesh = mesh;
    this.light = session.light();
    this.key = session.key().channels();
    this.sky = session.sky().channels();
    this.ground = session.ground().channels();
    this.size = size;
    this.samplesPerUnit = samplesPerUnit;
    this.textureLevel = samplesPerUnit < 40 ? 1 : 0;
    half = Direction.of(light.x(), light.y(), light.z() + 1);
  }

  /**
   * Blends everything visible in {@code buffer} over {@code target}.
   *
   * @param solid what casts shadows
   * @param target red, green, blue (multiplied by coverage) and coverage per sample
   */
  void shade(VisibilityBuffer buffer, VisibilityBuffer solid, float[] target) {
    for (int j = 0; j < size; j++) {
      for (int i = 0; i < size; i++) {
        int k = j * size + i;
        if (buffer.triangle[k] >= 0) {
          shadeSample(buffer, solid, i, j, target);
        }
      }
    }
  }

  private void shadeSample(
      VisibilityBuffer buffer, VisibilityBuffer solid, int i, int j, float[] target) {
    int k = j * size + i;
    int t = buffer.triangle[k];
    double[] v = mesh.vertices();
    int a = mesh.corner(t, 0) * Mesh.STRIDE;
    int b = mesh.corner(t, 1) * Mesh.STRIDE;
    int c = mesh.corner(t, 2) * Mesh.STRIDE;
    double wb = buffer.second[k];
    double wc = buffer.third[k];
    double wa = 1 - wb - wc;
    double nx = wa * v[a + 3] + wb * v[b + 3] + wc * v[c + 3];
    double ny = wa * v[a + 4] + wb * v[b + 4] + wc * v[c + 4];
    double nz = wa * v[a + 5] + wb * v[b + 5] + wc * v[c + 5];
    double scale = 1 / Math.sqrt(nx * nx + ny * ny + nz * nz + 1e-12);
    if (nz < 0 && mesh.material(mesh.corner(t, 3)).transparent()) {
      scale = -scale;
    }
    nx *= scale;
    ny *= scale;
    nz *= scale;
    Material material = mesh.material(mesh.corner(t, 3));
    material
        .texture()
        .sample(
            textureLevel,
            wa * v[a + 6] + wb * v[b + 6] + wc * v[c + 6],
            wa * v[a + 7] + wb * v[b + 7] + wc * v[c + 7],
            albedo);
    double facing = Math.max(0, nz);
    double grazing = 1 - facing;
    double grazing2 = grazing * grazing;
    double fresnel = grazing2 * grazing2 * grazing;
    double lit = Math.max(0, nx * light.x() + ny * light.y() + nz * light.z());
    double shadow = lit > 0 ? lightReaching(solid, i, j, buffer.depth[k]) : 1;
    double mirror =
        material.gloss() * (material.metal() + (1 - material.metal()) * (0.06 + 0.7 * fresnel));
    double highlight = material.gloss() * shadow * highlight(nx, ny, nz, material.sharpness());
    // The view direction is (0, 0, 1), so the reflected ray is 2 nz n - (0, 0, 1).
    double ry = 2 * nz * ny;
    double rx = 2 * nz * nx;
    double up = 0.5 + 0.5 * ny;
    double opacity = material.opacity();
    if (opacity < 1) {
      opacity = Math.min(1, opacity + (1 - opacity) * (0.75 * grazing2 * grazing + highlight));
    }
    float keep = (float) (1 - opacity);
    for (int channel = 0; channel < 3; channel++) {
      double ambient = Noise.lerp(ground[channel], sky[channel], up);
      double direct = key[channel];
      double diffuse =
          albedo[channel] * (1 - material.metal() * 0.8) * (ambient + direct * lit * shadow);
      double tint = Noise.lerp(1, albedo[channel], material.metal());
      double reflected = tint * mirror * surroundings(rx, ry, channel);
      double radiance = diffuse + reflected + tint * direct * highlight;
      target[4 * k + channel] = target[4 * k + channel] * keep + (float) (radiance * opacity);
    }
    target[4 * k + 3] = target[4 * k + 3] * keep + (float) opacity;
  }

  private double highlight(double nx, double ny, double nz, int sharpness) {
    double h = Math.max(0, nx * half.x() + ny * half.y() + nz * half.z());
    for (int i = 0; i < sharpness; i++) {
      h *= h;
    }
    return 1.4 * h;
  }

  /** What a mirror sees: ground, sky, and a bright window beside the camera. */
  private double surroundings(double rx, double ry, int channel) {
    double up = Math.clamp(0.5 + 1.2 * ry, 0, 1);
    double around = Noise.lerp(ground[channel] * 0.6, sky[channel] * 1.5, up);
    double dx = rx - 0.55 * Math.signum(light.x());
    double window = Math.max(0, 1 - 7 * dx * dx) * Math.clamp(1.5 - 2 * Math.abs(ry - 0.2), 0, 1);
    return around + window * 0.9 * key[channel];
  }

  /** 1 in full light, less where something solid stands between this sample and the light. */
  private double lightReaching(VisibilityBuffer solid, int i, int j, double z) {
    double reaching = 1;
    for (double step : SHADOW_STEPS) {
      int x = (int) Math.floor(i + 0.5 + light.x() * step * samplesPerUnit);
      int y = (int) Math.floor(j + 0.5 - light.y() * step * samplesPerUnit);
      if (x < 0 || y < 0 || x >= size || y >= size) {
        break;
      }
      double above = solid.depth[y * size + x] - (z + light.z() * step);
      if (above > 0.04 && above < 0.7) {
        reaching -= 0.24;
      }
    }
    return reaching;
  }
}
