package dev.accrete.cl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackedImagesTest {
  private static final int COUNT = 70;

  @TempDir Path root;

  private final InMemoryImageSet source = Images.memory(COUNT, 5);

  @Test
  void holdsTheSameImagesAndReportsProgress() {
    List<Long> heard = Collections.synchronizedList(new ArrayList<>());
    try (PackedImages pack =
        PackedImages.of(source, options().reportingTo((done, total) -> heard.add(done)))) {
      assertSame(pack);
      assertThat(pack.skipped()).isZero();
      assertThat(pack.fingerprint()).isEqualTo(source.fingerprint());
      assertThat(pack.describe(3)).isEqualTo(source.describe(3));
      assertThatThrownBy(() -> pack.read(COUNT, new byte[75], 0))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> pack.read(0, new byte[75], 1))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThat(heard).isSorted().endsWith((long) COUNT);
    assertThat(files()).hasSize(1);
  }

  @Test
  void isMadeOnceAndReadAgain() {
    AtomicInteger written = new AtomicInteger();
    PackWriter.OutputOpener counting =
        file -> {
          written.incrementAndGet();
          return PackWriter.Output.open(file);
        };
    PackedImages.of(source, options(), counting).close();
    PackedImages.of(source, options(), counting).close();

    assertThat(written).hasValue(1);
    PackedImages.of(source.subset(new int[] {3, 1}), options(), counting).close();
    assertThat(written).hasValue(2);
  }

  @Test
  void readingAfterCloseFails() {
    PackedImages pack = PackedImages.of(source, options());
    pack.close();

    assertThatThrownBy(() -> Images.read(pack, 0)).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, 71, 72, 300, 5000})
  void truncatedPacksAreMadeAgain(int length) throws IOException {
    Path file = made();
    Images.truncate(file, length);

    try (PackedImages pack = PackedImages.of(source, options())) {
      assertSame(pack);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 9, 14, 30, 40, 66, 70, 80, 205, 500})
  void damagedHeadersAreNoticed(int position) throws IOException {
    Path file = made();
    flip(file, position);

    try (PackedImages pack = PackedImages.of(source, options())) {
      assertSame(pack);
    }
  }

  @Test
  void damagedPixelsAreNoticedWhenRead() throws IOException {
    Path file = made();
    flip(file, Files.size(file) - 1);

    try (PackedImages pack = PackedImages.of(source, options())) {
      assertThat(Images.read(pack, 0)).isEqualTo(Images.read(source, 0));
      assertThatThrownBy(() -> Images.read(pack, COUNT - 1))
          .isInstanceOf(DataException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining("delete");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 30, COUNT})
  void aFullDiskLeavesNothingBehind(int writesThatFit) {
    AtomicInteger writes = new AtomicInteger();
    PackWriter.OutputOpener full =
        file -> {
          PackWriter.Output real = PackWriter.Output.open(file);
          return new PackWriter.Output() {
            @Override
            public void write(ByteBuffer bytes, long position) throws IOException {
              if (writes.getAndIncrement() >= writesThatFit) {
                throw new IOException("No space left on device");
              }
              real.write(bytes, position);
            }

            @Override
            public void force() throws IOException {
              real.force();
            }

            @Override
            public void close() throws IOException {
              real.close();
            }
          };
        };

    assertThatThrownBy(() -> PackedImages.of(source, options(), full))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("No space left on device")
        .hasMessageContaining("ACCRETE_CACHE");
    assertThat(files()).isEmpty();
  }

  @Test
  void anUnusableFolderIsAnError() throws IOException {
    Path file = Files.writeString(root.resolve("file"), "in the way");

    assertThatThrownBy(() -> PackedImages.of(source, PackOptions.defaults().in(file)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("ACCRETE_CACHE");
  }

  @Test
  void corruptImagesStopOrAreSkipped() throws IOException {
    Path folder = root.resolve("set");
    for (int i = 0; i < 40; i++) {
      Images.write(
          folder.resolve(String.format(Locale.ROOT, "train/a/%02d.png", i)),
          8,
          8,
          0x010101 * (100 + i));
    }
    Images.truncate(folder.resolve("train/a/00.png"), 45);
    Images.truncate(folder.resolve("train/a/17.png"), 45);
    ImageSet images = ImageFolder.train(folder, 8);

    assertThatThrownBy(() -> PackedImages.of(images, options()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(".png");
    assertThat(files()).isEmpty();

    for (int opening = 0; opening < 2; opening++) {
      try (PackedImages pack = PackedImages.of(images, options().onCorrupt(OnCorrupt.SKIP))) {
        assertThat(pack.skipped()).isEqualTo(2);
        assertThat(pack.size()).isEqualTo(38);
        assertThat(pack.describe(0)).endsWith("01.png");
        assertThat(pack.describe(16)).endsWith("18.png");
        assertThat(Images.read(pack, 16)).isEqualTo(Images.read(images, 18));
        assertThat(Images.read(pack, 37)).isEqualTo(Images.read(images, 39));
        assertThat(pack.fingerprint()).isNotEqualTo(images.fingerprint());
      }
    }
  }

  @Test
  void programErrorsInASourceAreNotSwallowed() {
    ImageSet broken = new FailingSet(source);

    assertThatThrownBy(() -> PackedImages.of(broken, options().onCorrupt(OnCorrupt.SKIP)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a bug");
    assertThat(files()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 2})
  void aLabelWithoutAClassIsReportedWithItsImage(int label) {
    ImageSet broken =
        new ForwardingSet(source) {
          @Override
          public int label(int index) {
            return index == 4 ? label : super.label(index);
          }
        };

    assertThatThrownBy(() -> PackedImages.of(broken, options()))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll("image 4 (memory[4]) has label " + label, "names for 0..1");
  }

  @Test
  void leftoversOfKilledProcessesAreRemoved() throws IOException {
    Path file = made();
    Path same = Files.writeString(file.resolveSibling(file.getFileName() + ".tmp-1-2"), "half");
    String other = "other-5-0123456789abcdef.images.tmp-";
    Path old = Files.writeString(file.resolveSibling(other + "1"), "half");
    Files.setLastModifiedTime(old, FileTime.fromMillis(1));
    Path fresh = Files.writeString(file.resolveSibling(other + "2"), "half");
    Files.delete(file);
    made();

    assertThat(same).doesNotExist();
    assertThat(old).doesNotExist();
    assertThat(fresh).exists();
  }

  /** By another process, while this one has it mapped. */
  @Test
  void aPackThatIsCutWhileMappedIsOneLine() throws IOException {
    InMemoryImageSet large = Images.memory(40, 64);
    try (PackedImages pack = PackedImages.of(large, options())) {
      try (FileChannel channel = FileChannel.open(pack.file(), StandardOpenOption.WRITE)) {
        channel.truncate(20_000);
      }

      assertThat(Images.read(pack, 0)).isEqualTo(Images.read(large, 0));
      for (int i = 2; i < 40; i++) {
        int index = i;
        assertThatThrownBy(() -> Images.read(pack, index))
            .isInstanceOf(DataException.class)
            .hasMessageContaining(pack.file().toString())
            .hasMessageContaining("it will be made again");
      }
    }
    try (PackedImages pack = PackedImages.of(large, options())) {
      assertThat(Images.read(pack, 39)).isEqualTo(Images.read(large, 39));
    }
  }

  private PackOptions options() {
    return PackOptions.defaults().in(root.resolve("cache"));
  }

  private Path made() {
    try (PackedImages pack = PackedImages.of(source, options())) {
      return pack.file();
    }
  }

  private List<Path> files() {
    Path cache = root.resolve("cache");
    try (Stream<Path> list = Files.list(cache)) {
      return list.toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void assertSame(PackedImages pack) {
    assertThat(pack.size()).isEqualTo(source.size());
    assertThat(pack.classNames()).isEqualTo(source.classNames());
    for (int i = 0; i < source.size(); i++) {
      assertThat(pack.label(i)).isEqualTo(source.label(i));
      assertThat(Images.read(pack, i)).isEqualTo(Images.read(source, i));
    }
  }

  private static void flip(Path file, long position) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.read(one, position);
      one.put(0, (byte) (one.get(0) ^ 0x10));
      channel.write(one.flip(), position);
    }
  }

  /** A set with a bug. */
  private static final class FailingSet extends ForwardingSet {
    FailingSet(ImageSet good) {
      super(good);
    }

    @Override
    public String name() {
      return "failing";
    }

    @Override
    public void read(int index, byte[] destination, int offset) {
      throw new IllegalStateException("a bug");
    }
  }
}
