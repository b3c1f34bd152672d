package dev.accrete.spark;

import dev.accrete.cl.learner.ContinualLearner;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * What some partitions have learned.
 *
 * @param state the learner's folder, zipped; empty if there was no image
 * @param images how many were learned
 * @param bad how many could not be
 * @param remarks why, for the first of them
 */
record Partial(
    @SuppressWarnings("ArrayRecordComponent") byte[] state,
    long images,
    long bad,
    ArrayList<String> remarks)
    implements Serializable {
  private static final int MOST_REMARKS = 100;

  /** Nothing learned. */
  static Partial empty() {
    return new Partial(new byte[0], 0, 0, new ArrayList<>());
  }

  /** Of a learner. */
  static Partial of(ContinualLearner learner, long images, List<String> bad) {
    return new Partial(
        images == 0 ? new byte[0] : inFolder(folder -> pack(learner, folder)),
        images,
        bad.size(),
        first(bad, List.of()));
  }

  /** Both together; neither is changed, for Spark may use it again. */
  Partial with(Partial other, Engine engine) {
    byte[] both;
    if (state.length == 0 || other.state.length == 0) {
      both = state.length == 0 ? other.state : state;
    } else {
      both =
          engine.use(
              backend ->
                  opened(
                      backend,
                      sum ->
                          other.opened(
                              backend,
                              theirs -> {
                                sum.merge(theirs);
                                return inFolder(folder -> pack(sum, folder));
                              })));
    }
    return new Partial(both, images + other.images, bad + other.bad, first(remarks, other.remarks));
  }

  private static ArrayList<String> first(List<String> some, List<String> others) {
    return new ArrayList<>(
        Stream.concat(some.stream(), others.stream()).limit(MOST_REMARKS).toList());
  }

  /** Does something with the learner, whose folder is there as long: its weights lie in it. */
  <T> T opened(Backend backend, Function<ContinualLearner, T> work) {
    return inFolder(
        folder -> {
          unpack(folder);
          try (ContinualLearner learner = ContinualLearner.load(folder, backend)) {
            return work.apply(learner);
          }
        });
  }

  private static byte[] pack(ContinualLearner learner, Path folder) {
    learner.save(folder);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes);
        Stream<Path> files = Files.walk(folder)) {
      zip.setLevel(1);
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        zip.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
        Files.copy(file, zip);
        zip.closeEntry();
      }
      zip.finish();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void unpack(Path folder) {
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(state))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = folder.resolve(entry.getName()).normalize();
        if (!file.startsWith(folder)) {
          throw new AccreteException("a learner's file is called " + entry.getName());
        }
        Files.createDirectories(file.getParent());
        Files.copy(zip, file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Does something in a folder that is gone afterwards. */
  static <T> T inFolder(Function<Path, T> work) {
    try {
      Path folder = Files.createTempDirectory("accrete-spark-");
      try {
        return work.apply(folder.resolve("learner"));
      } finally {
        try (Stream<Path> files = Files.walk(folder)) {
          for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
    } catch (IOException e) {
      throw new AccreteException(
          "cannot use the folder for temporary files, "
              + System.getProperty("java.io.tmpdir")
              + ": "
              + e
              + "; is the disk full?",
          e);
    }
  }
}
