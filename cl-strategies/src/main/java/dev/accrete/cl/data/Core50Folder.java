package dev.accrete.cl.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The real CORe50 in its 128x128 form: {@code core50_128x128.zip} unpacked, with files such as
 * {@code s3/o7/C_03_07_042.png}.
 */
public final class Core50Folder implements FrameSource {
  private static final Pattern FRAME_FILE = Pattern.compile("C_\\d\\d_\\d\\d_(\\d{3,6})\\.png");

  private final Path root;

  /**
   * Opens the data set.
   *
   * @param root the folder that holds {@code s1} ... {@code s11}
   * @throws DataException if there is no such folder
   */
  public Core50Folder(Path root) {
    Path inner = root.resolve("core50_128x128");
    this.root = Files.isDirectory(inner) ? inner : root;
    if (!Files.isDirectory(this.root.resolve("s1"))) {
      throw new DataException(
          "CORe50 folder "
              + root
              + " has no session folder s1; unpack core50_128x128.zip (from"
              + " https://vlomonaco.github.io/core50/) and name the folder that holds s1 ... s11");
    }
  }

  @Override
  public String name() {
    return "core50";
  }

  @Override
  public List<FrameKey> sequence(int session, int object) {
    Path folder = root.resolve("s" + session).resolve("o" + object);
    List<FrameKey> frames = new ArrayList<>();
    for (String file : listing(folder)) {
      Matcher matcher = FRAME_FILE.matcher(file);
      if (matcher.matches()) {
        frames.add(new FrameKey(session, object, Integer.parseInt(matcher.group(1))));
      }
    }
    if (frames.isEmpty()) {
      throw new DataException(
          "CORe50 sequence "
              + folder
              + " holds no frames (C_"
              + session
              + "_"
              + object
              + "_000.png ...); unpack core50_128x128.zip again");
    }
    frames.sort((a, b) -> Integer.compare(a.frame(), b.frame()));
    return List.copyOf(frames);
  }

  @Override
  public ImageSet images(String name, List<FrameKey> frames, int size) {
    Set<Path> folders = new HashSet<>();
    Set<String> present = new HashSet<>();
    for (FrameKey frame : frames) {
      Path folder = root.resolve(frame.path()).getParent();
      if (folder != null && folders.add(folder)) {
        present.addAll(listing(folder));
      }
      String path = frame.path();
      if (!present.contains(path.substring(path.lastIndexOf('/') + 1))) {
        throw new DataException(
            "CORe50 frame " + root.resolve(path) + " is missing; unpack core50_128x128.zip again");
      }
    }
    int[] labels = frames.stream().mapToInt(FrameKey::label).toArray();
    List<Path> files = frames.stream().map(frame -> root.resolve(frame.path())).toList();
    return new FileImageSet(name, root, files, labels, SimulatedCore50.OBJECT_NAMES, size);
  }

  private static List<String> listing(Path folder) {
    try (Stream<Path> list = Files.list(folder)) {
      return list.map(p -> p.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new DataException(
          "CORe50 sequence "
              + folder
              + " cannot be listed: "
              + e
              + "; unpack core50_128x128.zip completely",
          e);
    }
  }
}
