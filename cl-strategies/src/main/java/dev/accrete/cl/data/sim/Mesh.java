package dev.accrete.cl.data.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Triangles with a material each. A vertex is position, unit normal and texture coordinates; a
 * triangle is counter-clockwise seen from outside.
 */
final class Mesh {
  /** Numbers per vertex: x, y, z, normal x, y, z, u, v. */
  static final int STRIDE = 8;

  private double[] vertices = new double[64 * STRIDE];
  private int vertexCount;
  private int[] triangles = new int[64 * 4];
  private int triangleCount;
  private final List<Material> materials = new ArrayList<>();

  int vertexCount() {
    return vertexCount;
  }

  int triangleCount() {
    return triangleCount;
  }

  double[] vertices() {
    return vertices;
  }

  /** Corner 0, 1 or 2 of a triangle; 3 gives its material number. */
  int corner(int triangle, int k) {
    return triangles[4 * triangle + k];
  }

  Material material(int number) {
    return materials.get(number);
  }

  boolean hasTransparentParts() {
    return materials.stream().anyMatch(Material::transparent);
  }

  void clear() {
    vertexCount = 0;
    triangleCount = 0;
    materials.clear();
  }

  int addVertex(double x, double y, double z, double nx, double ny, double nz, double u, double v) {
    if ((vertexCount + 1) * STRIDE > vertices.length) {
      vertices = Arrays.copyOf(vertices, 2 * vertices.length);
    }
    double length = Math.sqrt(nx * nx + ny * ny + nz * nz) + 1e-12;
    int k = vertexCount * STRIDE;
    vertices[k] = x;
    vertices[k + 1] = y;
    vertices[k + 2] = z;
    vertices[k + 3] = nx / length;
    vertices[k + 4] = ny / length;
    vertices[k + 5] = nz / length;
    vertices[k + 6] = u;
    vertices[k + 7] = v;
    return vertexCount++;
  }

  /** The number under which triangles refer to a material. */
  int materialNumber(Material material) {
    int number = materials.indexOf(material);
    if (number < 0) {
      number = materials.size();
      materials.add(material);
    }
    return number;
  }

  void addTriangle(int a, int b, int c, int materialNumber) {
    if ((triangleCount + 1) * 4 > triangles.length) {
      triangles = Arrays.copyOf(triangles, 2 * triangles.length);
    }
    int k = 4 * triangleCount++;
    triangles[k] = a;
    triangles[k + 1] = b;
    triangles[k + 2] = c;
    triangles[k + 3] = materialNumber;
  }

  /** Appends another mesh, moved by {@code map}. */
  void append(Mesh other, Affine map) {
    int base = vertexCount;
    Affine normals = map.forNormals();
    for (int i = 0; i < other.vertexCount; i++) {
      int k = i * STRIDE;
      double[] s = other.vertices;
      addVertex(
          map.pointX(s[k], s[k + 1], s[k + 2]),
          map.pointY(s[k], s[k + 1], s[k + 2]),
          map.pointZ(s[k], s[k + 1], s[k + 2]),
          normals.pointX(s[k + 3], s[k + 4], s[k + 5]),
          normals.pointY(s[k + 3], s[k + 4], s[k + 5]),
          normals.pointZ(s[k + 3], s[k + 4], s[k + 5]),
          s[k + 6],
          s[k + 7]);
    }
    int[] numbers = other.materials.stream().mapToInt(this::materialNumber).toArray();
    for (int t = 0; t < other.triangleCount; t++) {
      addTriangle(
          base + other.corner(t, 0),
          base + other.corner(t, 1),
          base + other.corner(t, 2),
          numbers[other.corner(t, 3)]);
    }
  }
}
