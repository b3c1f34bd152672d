package dev.accrete.cl.data.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** A closed surface has a volume that follows from its triangles; orientation decides the sign. */
class MeshBuilderTest {
  private static final Material ANY = Material.plastic(0x808080);

  @Test
  void ellipsoidsHaveTheirVolumeAndFaceOutwards() {
    Mesh mesh = new MeshBuilder().ellipsoid(ANY, 32, 1, 2, 0.5).mesh();

    assertThat(volume(mesh)).isCloseTo(4.0 / 3 * Math.PI, Offset.offset(0.1));
    assertNormalsFaceOutwards(mesh);
  }

  @Test
  void slabsHaveTheirVolumeEvenWhenMirrored() {
    double[] outline = Paths.roundedRectangle(1, 2, 0.2);
    double expected = 8 - (4 - Math.PI) * 0.04;
    for (int sign = -1; sign <= 1; sign += 2) {
      Mesh mesh =
          new MeshBuilder()
              .at(Affine.scaling(sign, 1, 1))
              .slab(ANY, -0.5, 0.5, 1e-6, outline)
              .mesh();
      assertThat(volume(mesh)).isCloseTo(expected, Offset.offset(0.01));
      assertNormalsFaceOutwards(mesh);
    }
  }

  @Test
  void tubesHaveTheirVolume() {
    double[] path = {0, 0, 0, 0, 1, 0, 0, 2, 0};
    Mesh open = new MeshBuilder().tube(ANY, 24, false, path, Paths.constant(0.5, 3)).mesh();
    double cylinder = Math.PI * 0.25 * 2;
    double ends = 4.0 / 3 * Math.PI * 0.125;
    assertThat(volume(open)).isCloseTo(cylinder + ends, Offset.offset(0.08));

    double[] loop = Paths.loop(0, 0, 0, 1, 1, 32);
    Mesh torus = new MeshBuilder().tube(ANY, 24, true, loop, Paths.constant(0.2, 32)).mesh();
    assertThat(volume(torus)).isCloseTo(2 * Math.PI * Math.PI * 0.04, Offset.offset(0.03));
    assertNormalsFaceOutwards(torus);
  }

  @Test
  void theSupportFunctionOfABoxReachesItsCorners() {
    Mesh box = new MeshBuilder().slab(ANY, -0.5, 0.5, 0.001, 1, -1, 1, 1, -1, 1, -1, -1).mesh();
    Grip grip = Grip.around(box, 1);

    assertThat(grip.reach(0)).isCloseTo(1, Offset.offset(0.01));
    assertThat(grip.reach(Math.PI / 2)).isCloseTo(0.5, Offset.offset(0.01));
    assertThat(grip.reach(Math.PI / 4)).isCloseTo(1.5 / Math.sqrt(2), Offset.offset(0.01));
    assertThat(grip.reach(-7 * Math.PI / 4))
        .isCloseTo(grip.reach(Math.PI / 4), Offset.offset(1e-9));
  }

  @Test
  void everyObjectIsWithinReachOfTheCamera() {
    for (int object = 1; object <= 50; object++) {
      Mesh mesh = ObjectCatalog.model(object).mesh();
      assertThat(mesh.triangleCount()).isBetween(100, 6000);
      for (int i = 0; i < mesh.vertexCount() * Mesh.STRIDE; i += Mesh.STRIDE) {
        double[] v = mesh.vertices();
        double r = Math.sqrt(v[i] * v[i] + v[i + 1] * v[i + 1] + v[i + 2] * v[i + 2]);
        assertThat(r).as("object " + object).isLessThan(1.6);
      }
    }
  }

  private static double volume(Mesh mesh) {
    double sum = 0;
    double[] v = mesh.vertices();
    for (int t = 0; t < mesh.triangleCount(); t++) {
      int a = mesh.corner(t, 0) * Mesh.STRIDE;
      int b = mesh.corner(t, 1) * Mesh.STRIDE;
      int c = mesh.corner(t, 2) * Mesh.STRIDE;
      sum +=
          v[a] * (v[b + 1] * v[c + 2] - v[b + 2] * v[c + 1])
              + v[a + 1] * (v[b + 2] * v[c] - v[b] * v[c + 2])
              + v[a + 2] * (v[b] * v[c + 1] - v[b + 1] * v[c]);
    }
    return sum / 6;
  }

  /** The winding of each triangle agrees with the normals of its corners. */
  private static void assertNormalsFaceOutwards(Mesh mesh) {
    double[] v = mesh.vertices();
    for (int t = 0; t < mesh.triangleCount(); t++) {
      int a = mesh.corner(t, 0) * Mesh.STRIDE;
      int b = mesh.corner(t, 1) * Mesh.STRIDE;
      int c = mesh.corner(t, 2) * Mesh.STRIDE;
      double[] n = new double[3];
      for (int k = 0; k < 3; k++) {
        int i = (k + 1) % 3;
        int j = (k + 2) % 3;
        n[k] =
            (v[b + i] - v[a + i]) * (v[c + j] - v[a + j])
                - (v[b + j] - v[a + j]) * (v[c + i] - v[a + i]);
      }
      double dot = 0;
      for (int corner : new int[] {a, b, c}) {
        dot += n[0] * v[corner + 3] + n[1] * v[corner + 4] + n[2] * v[corner + 5];
      }
      assertThat(dot).as("triangle " + t).isGreaterThanOrEqualTo(-1e-9);
    }
  }
}
