package dev.accrete.cl.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** CORe50, simulated and real. */
final class Core50Providers {
  private static final int FRAME_STEP = 10;

  private Core50Providers() {}

  /** {@link SimulatedCore50}. */
  public static final class Simulated implements DataProvider {
    static final String NAME = "sim";

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public String usage() {
      return NAME;
    }

    @Override
    public String description() {
      return "CORe50, simulated: fifty objects, eleven sessions, no download";
    }

    @Override
    public boolean hasFrames() {
      return true;
    }

    @Override
    public Optional<String> check(Optional<String> argument) {
      return DataProvider.nothing(this, argument);
    }

    @Override
    public DataSource open(Optional<String> argument) {
      return new Sessions(new SimulatedCore50());
    }
  }

  /** {@link Core50Folder}. */
  public static final class Real implements DataProvider {
    @Override
    public String name() {
      return "core50";
    }

    @Override
    public String usage() {
      return "core50:DIR";
    }

    @Override
    public String description() {
      return "CORe50 in its 128x128 form, unpacked";
    }

    @Override
    public boolean hasFrames() {
      return true;
    }

    @Override
    public Optional<String> check(Optional<String> argument) {
      return DataProvider.folder(this, argument);
    }

    @Override
    public Optional<Path> location(Optional<String> argument) {
      return argument.map(Path::of);
    }

    @Override
    public DataSource open(Optional<String> argument) {
      return new Sessions(new Core50Folder(Path.of(argument.orElseThrow())));
    }
  }

  /** Frames, and as a labelled set every tenth of them. */
  private record Sessions(FrameSource frames) implements DataSource {
    @Override
    public LabelledData labelled(int size) {
      return new LabelledData(
          frames.images(frames.name() + "-train", sessions(false), size),
          frames.images(frames.name() + "-test", sessions(true), size));
    }

    private List<FrameKey> sessions(boolean test) {
      List<FrameKey> chosen = new ArrayList<>();
      for (int session = 1; session <= FrameKey.SESSIONS; session++) {
        if (DataSets.TEST_SESSIONS.contains(session) == test) {
          for (int object = 1; object <= FrameKey.OBJECTS; object++) {
            List<FrameKey> all = frames.sequence(session, object);
            IntStream.iterate(0, i -> i < all.size(), i -> i + FRAME_STEP)
                .mapToObj(all::get)
                .forEach(chosen::add);
          }
        }
      }
      return chosen;
    }
  }
}
