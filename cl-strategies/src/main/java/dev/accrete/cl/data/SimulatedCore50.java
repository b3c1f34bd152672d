package dev.accrete.cl.data;

import dev.accrete.cl.data.sim.ObjectCatalog;
import dev.accrete.cl.data.sim.Renderer;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * A stand-in for CORe50 that needs no download: fifty objects in ten categories, held in a hand,
 * recorded in eleven places. An image is a pure function of session, object, frame and size, with
 * the same bytes on every machine.
 *
 * <p>Modelled on Lomonaco and Maltoni, "CORe50: a New Dataset and Benchmark for Continuous Object
 * Recognition", 2017: same categories, sessions, frame counts and image size; three of the sessions
 * (4, 10, 11) are outdoors.
 */
public final class SimulatedCore50 implements FrameSource {
  /** Names of the fifty classes; the label of an object is its number less one. */
  public static final List<String> OBJECT_NAMES = ObjectCatalog.objectNames();

  /** Frames of one recording; the official lists use 295 to 300 of them. */
  public static final int FRAMES = 300;

  @Override
  public String name() {
    return "sim";
  }

  /**
   * Draws one frame.
   *
   * @param session 1..11
   * @param object 1..50
   * @param frame 0 or more; motion continues smoothly beyond {@link #FRAMES}
   * @param size height and width in pixels, 8..1024
   * @param destination receives {@code 3 * size * size} unsigned bytes, planar red, green, blue
   * @throws IllegalArgumentException if session, object, frame or size is out of range
   * @throws IndexOutOfBoundsException if the image does not fit into {@code destination}
   */
  public static void render(
      int session, int object, int frame, int size, byte[] destination, int offset) {
    render(new FrameKey(session, object, frame), size, destination, offset);
  }

  @Override
  public List<FrameKey> sequence(int session, int object) {
    return IntStream.range(0, FRAMES).mapToObj(f -> new FrameKey(session, object, f)).toList();
  }

  /**
   * {@inheritDoc}
   *
   * @throws DataException if the size is out of range
   */
  @Override
  public ImageSet images(String name, List<FrameKey> frames, int size) {
    return new Frames(name, List.copyOf(frames), size);
  }

  private static void render(FrameKey key, int size, byte[] destination, int offset) {
    Renderer.render(key.session(), key.object(), key.frame(), size, destination, offset);
  }

  private record Frames(String name, List<FrameKey> frames, int side) implements ImageSet {
    Frames {
      Objects.requireNonNull(name);
      if (side < Renderer.MIN_SIZE || side > Renderer.MAX_SIZE) {
        throw new DataException(
            "simulated CORe50: image size "
                + side
                + " is not in "
                + Renderer.MIN_SIZE
                + ".."
                + Renderer.MAX_SIZE
                + "; choose another --image-size");
      }
    }

    @Override
    public int size() {
      return frames.size();
    }

    @Override
    public int channels() {
      return 3;
    }

    @Override
    public int height() {
      return side;
    }

    @Override
    public int width() {
      return side;
    }

    @Override
    public List<String> classNames() {
      return OBJECT_NAMES;
    }

    @Override
    public int label(int index) {
      return frames.get(index).label();
    }

    @Override
    public String describe(int index) {
      FrameKey key = frames.get(index);
      return "simulated session "
          + key.session()
          + ", object "
          + key.object()
          + ", frame "
          + key.frame();
    }

    @Override
    public void read(int index, byte[] destination, int offset) {
      render(frames.get(index), side, destination, offset);
    }

    @Override
    public String fingerprint() {
      Fingerprint key = new Fingerprint("simulated-core50").add(Renderer.VERSION).add(side);
      for (FrameKey frame : frames) {
        key.add(frame.session()).add(frame.object()).add(frame.frame());
      }
      return key.hex();
    }
  }
}
