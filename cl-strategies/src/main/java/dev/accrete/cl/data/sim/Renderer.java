package dev.accrete.cl.data.sim;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Draws frames of the simulated CORe50. Thread-safe: every thread draws in buffers of its own.
 *
 * <p>A frame is drawn with four samples per pixel: meshes are projected into a {@link
 * VisibilityBuffer}, each visible sample is shaded once, glass is blended over the rest, and the
 * {@link Camera} does what cameras do.
 */
public final class Renderer {
  /** Changes whenever the pictures do, so that caches of older pictures are not used. */
  public static final int VERSION = 2;

  /** Smallest and largest picture, in pixels. */
  public static final int MIN_SIZE = 8;

  /** Largest picture, in pixels. */
  public static final int MAX_SIZE = 1024;

  private static final double CAMERA_DISTANCE = 5.5;
  private static final double FIELD = 1.14;
  private static final ThreadLocal<Map<Integer, Renderer>> RENDERERS =
      ThreadLocal.withInitial(HashMap::new);

  private final int size;
  private final Mesh mesh = new Mesh();
  private final VisibilityBuffer solid;
  private final VisibilityBuffer glass;
  private final float[] samples;
  private final Camera camera;
  private double[] sx = new double[0];
  private double[] sy = new double[0];

  private Renderer(int size) {
    this.size = size;
    solid = new VisibilityBuffer(2 * size);
    glass = new VisibilityBuffer(2 * size);
    samples = new float[4 * 4 * size * size];
    camera = new Camera(size);
  }

  /**
   * Draws one frame.
   *
   * @param session 1..11
   * @param object 1..50
   * @param frame 0 or more; a recording of CORe50 has about 300
   * @param size height and width in pixels
   * @param destination receives {@code 3 * size * size} bytes, planar red, green, blue
   * @throws IllegalArgumentException if size is not in {@value #MIN_SIZE}..{@value #MAX_SIZE}
   * @throws IndexOutOfBoundsException if the frame does not fit into {@code destination}
   */
  public static void render(
      int session, int object, int frame, int size, byte[] destination, int offset) {
    if (size < MIN_SIZE || size > MAX_SIZE) {
      throw new IllegalArgumentException(
          "image size " + size + " is not in " + MIN_SIZE + ".." + MAX_SIZE);
    }
    Objects.checkFromIndexSize(offset, 3 * size * size, destination.length);
    RENDERERS
        .get()
        .computeIfAbsent(size, Renderer::new)
        .draw(session, object, frame, destination, offset);
  }

  private void draw(int number, int object, int frame, byte[] destination, int offset) {
    Session session = Session.number(number);
    ObjectModel model = ObjectCatalog.model(object);
    Pose pose = Motion.at(number, object, frame, model);
    arrange(session, model, pose);
    project();
    Arrays.fill(samples, 0);
    double samplesPerUnit = size / FIELD;
    Shader shader = new Shader(mesh, session, 2 * size, samplesPerUnit);
    solid.clear();
    solid.draw(mesh, sx, sy, VisibilityBuffer.Faces.SOLID);
    shader.shade(solid, solid, samples);
    if (model.mesh().hasTransparentParts()) {
      glass.clearBehind(solid);
      glass.draw(mesh, sx, sy, VisibilityBuffer.Faces.GLASS_FAR_SIDE);
      shader.shade(glass, solid, samples);
      glass.clearBehind(solid);
      glass.draw(mesh, sx, sy, VisibilityBuffer.Faces.GLASS_NEAR_SIDE);
      shader.shade(glass, solid, samples);
    }
    camera.compose(samples, session, pose);
    camera.defocus(session.blur() * pose.defocus());
    long seed = Noise.mix(Noise.mix(number, object, frame), size);
    camera.expose(session, pose, seed, destination, offset);
  }

  /** Puts the object and the hand into the space of the camera. */
  private void arrange(Session session, ObjectModel model, Pose pose) {
    Affine place =
        Affine.translation(pose.x(), pose.y(), 0)
            .after(Affine.scaling(pose.scale(), pose.scale(), pose.scale()))
            .after(Affine.rotationZ(pose.lean()))
            .after(Affine.rotationX(pose.pitch()));
    mesh.clear();
    mesh.append(model.mesh(), place.after(Affine.rotationY(pose.spin())));
    session.hand().build(mesh, place, model.grip(), pose);
  }

  private void project() {
    int n = mesh.vertexCount();
    if (sx.length < n) {
      sx = new double[2 * n];
      sy = new double[2 * n];
    }
    double[] v = mesh.vertices();
    for (int i = 0; i < n; i++) {
      double x = v[i * Mesh.STRIDE];
      double y = v[i * Mesh.STRIDE + 1];
      double z = v[i * Mesh.STRIDE + 2];
      double scale = CAMERA_DISTANCE / (CAMERA_DISTANCE - z) / FIELD;
      sx[i] = size * (1 + x * scale);
      sy[i] = size * (1 - y * scale);
    }
  }
}
