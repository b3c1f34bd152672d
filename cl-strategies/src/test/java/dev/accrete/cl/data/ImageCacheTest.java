package dev.accrete.cl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What packs share: a folder, and images. */
class ImageCacheTest {
  private static final int SIZE = 6;

  @TempDir Path root;

  private Path data;
  private Path folder;
  private ImageCache cache;

  @BeforeEach
  void folders() {
    data = root.resolve("data");
    folder = root.resolve("cache");
    cache = new ImageCache(folder);
    for (int i = 0; i < 30; i++) {
      picture(i);
    }
  }

  private Path picture(int number) {
    String name = String.format(Locale.ROOT, "train/a/%02d.png", number);
    return Images.write(data.resolve(name), 8, 8, 0x040608 * number);
  }

  private PackOptions options() {
    return PackOptions.defaults().in(folder).upTo(1 << 30);
  }

  private ImageSet images() {
    return ImageFolder.train(data, SIZE);
  }

  /** Whether these images come out of a pack made now as they come out of their files. */
  private void assertPacked(PackOptions options) {
    ImageSet source = images();
    try (PackedImages pack = PackedImages.of(source, options)) {
      assertThat(pack.size()).isEqualTo(source.size());
      for (int i = 0; i < source.size(); i++) {
        assertThat(Images.read(pack, i)).isEqualTo(Images.read(source, i));
      }
    }
  }

  @Test
  void packsAreListedPrunedAndCleared() throws IOException {
    for (int i = 0; i < 4; i++) {
      PackedImages.of(Images.memory(10 + i, SIZE), options()).close();
    }
    Path foreign = Files.writeString(folder.resolve("mine.images"), "not yours");
    Path older = Files.writeString(folder.resolve("old-64-0123456789abcdef.images"), "older kind");
    List<ImageCache.Pack> all = new ArrayList<>(cache.list());
    for (ImageCache.Pack pack : all) {
      Files.setLastModifiedTime(
          pack.file(), FileTime.fromMillis(1_000_000 + 1000L * pack.images()));
    }
    all = cache.list();

    assertThat(all).extracting(ImageCache.Pack::images).containsExactly(13, 12, 11, 10, 0);
    assertThat(all.getFirst().source()).isEqualTo("memory");
    assertThat(all.getFirst().height()).isEqualTo(SIZE);
    assertThat(all.getFirst().bytes()).isEqualTo(Files.size(all.getFirst().file()));
    assertThat(all.getLast().source()).isEqualTo("old");
    assertThat(cache.bytes()).isEqualTo(all.stream().mapToLong(ImageCache.Pack::bytes).sum());

    long two = all.get(0).bytes() + all.get(1).bytes();
    assertThat(cache.prune(two)).extracting(ImageCache.Pack::images).containsExactly(0, 10, 11);
    assertThat(cache.list()).hasSize(2);
    assertThat(older).doesNotExist();
    assertThat(cache.prune(two)).isEmpty();
    assertThat(cache.clear()).hasSize(2);
    assertThat(foreign).exists();
    assertThat(new ImageCache(root.resolve("none")).list()).isEmpty();
    assertThatThrownBy(() -> cache.prune(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theLeastRecentlyUsedPacksMakeRoom() throws IOException {
    long one = PackFile.length(10, 3 * SIZE * SIZE);
    PackOptions narrow = options().upTo(2 * one + 100);
    byte[] pixels = new byte[10 * 3 * SIZE * SIZE];
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Arrays.fill(pixels, (byte) i);
      ImageSet set = new InMemoryImageSet("s" + i, SIZE, SIZE, List.of("a"), new int[10], pixels);
      try (PackedImages pack = PackedImages.of(set, narrow)) {
        files.add(pack.file());
        Files.setLastModifiedTime(pack.file(), FileTime.fromMillis(1_000_000 - 1000L * i));
      }
    }

    // By the times set here the second was the least recently used when the third was made.
    assertThat(files.get(0)).exists();
    assertThat(files.get(1)).doesNotExist();
    assertThat(files.get(2)).exists();
  }

  @Test
  void usingAPackMakesItRecentAndOpenOnesStay() throws IOException {
    try (PackedImages pack = PackedImages.of(Images.memory(9, SIZE), options())) {
      Files.setLastModifiedTime(pack.file(), FileTime.fromMillis(1));
      assertThat(cache.clear()).isEmpty();
      PackedImages.of(Images.memory(9, SIZE), options()).close();
      assertThat(cache.list().getFirst().lastUsed().toEpochMilli()).isGreaterThan(1_000_000);
      assertThat(cache.clear()).isEmpty();
    }
    assertThat(cache.clear()).hasSize(1);
  }

  @Test
  void oneNewImageIsDecodedAlone() throws IOException {
    assertPacked(options());
    // Pixels that no file has: whoever shows them took them from the first pack.
    Path first = cache.list().getFirst().file();
    byte[] pack = Files.readAllBytes(first);
    int bytes = 3 * SIZE * SIZE;
    int place = (int) PackFile.imagesStart(30) + 4 * bytes;
    Arrays.fill(pack, place, place + bytes, (byte) 77);
    int crc = PackFile.crc(pack, place, bytes);
    int entry = PackFile.HEADER + 4 * 28;
    java.nio.ByteBuffer.wrap(pack).putInt(entry + 8, crc);
    int table = PackFile.crc(pack, PackFile.HEADER, 30 * 28);
    java.nio.ByteBuffer.wrap(pack).putInt(20, table);
    java.nio.ByteBuffer.wrap(pack)
        .putInt(PackFile.HEADER - 4, PackFile.crc(pack, 0, PackFile.HEADER - 4));
    Files.write(first, pack);
    picture(30);

    try (PackedImages grown = PackedImages.of(images(), options())) {
      assertThat(grown.size()).isEqualTo(31);
      assertThat(Images.read(grown, 4)).containsOnly(77);
      for (int i : new int[] {0, 3, 5, 29, 30}) {
        assertThat(Images.read(grown, i)).isEqualTo(Images.read(images(), i));
      }
    }
  }

  @Test
  void aDamagedPackIsNotTakenFrom() throws IOException {
    assertPacked(options());
    Path first = cache.list().getFirst().file();
    byte[] pack = Files.readAllBytes(first);
    Arrays.fill(pack, (int) PackFile.imagesStart(30), pack.length, (byte) 77);
    Files.write(first, pack);
    picture(30);

    assertPacked(options());
  }

  @Test
  void anUnreadableFileIsNotForgotten() throws IOException {
    Path file = data.resolve("train/a/03.png");
    byte[] content = Files.readAllBytes(file);
    ImageSet listed = images();
    Files.delete(file);
    // Listed, but nothing to be read: what a file without permission is to all but the super user.
    try (PackedImages pack = PackedImages.of(listed, options().onCorrupt(OnCorrupt.SKIP))) {
      assertThat(pack.skipped()).isEqualTo(1);
      assertThat(pack.size()).isEqualTo(29);
    }
    ImageSet again = ImageFolder.train(restored(file, content), SIZE);
    try (PackedImages pack = PackedImages.of(again, options().onCorrupt(OnCorrupt.SKIP))) {
      assertThat(pack.skipped()).isZero();
      assertThat(Images.read(pack, 3)).isEqualTo(Images.read(again, 3));
    }
    ImageSet lost = images();
    Files.delete(file);
    assertThatThrownBy(() -> PackedImages.of(lost, options()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(file.toString());
  }

  private Path restored(Path file, byte[] content) throws IOException {
    Files.write(file, content);
    return data;
  }

  @Test
  void onlyDamageIsLeftOut() {
    ImageSet flaky =
        new ForwardingSet(Images.memory(4, SIZE)) {
          @Override
          public void read(int index, byte[] destination, int offset) {
            throw new DataException("the network is down");
          }
        };

    assertThatThrownBy(() -> PackedImages.of(flaky, options().onCorrupt(OnCorrupt.SKIP)))
        .isInstanceOf(DataException.class)
        .hasMessage("the network is down");
  }

  @Test
  void twoThatWantTheSamePackMakeItOnce() throws Exception {
    AtomicInteger made = new AtomicInteger();
    CountDownLatch both = new CountDownLatch(2);
    PackWriter.OutputOpener counting =
        file -> {
          made.incrementAndGet();
          return PackWriter.Output.open(file);
        };
    List<Future<?>> results = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
      for (int i = 0; i < 2; i++) {
        results.add(
            pool.submit(
                () -> {
                  ImageSet set = images();
                  both.countDown();
                  both.await();
                  PackedImages.of(set, options(), counting).close();
                  return made;
                }));
      }
    }
    for (Future<?> result : results) {
      result.get();
    }

    assertThat(made).hasValue(1);
    assertThat(names()).noneMatch(name -> name.contains(".tmp-") || name.endsWith(".lock"));
  }

  @Test
  void anotherProcessIsWaitedFor() throws Exception {
    Files.createDirectories(folder);
    Path pack = folder.resolve("x-6-0123456789abcdef.images");
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ImageCacheTest.class.getName(),
                pack.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(other.getInputStream().read()).isEqualTo('L');
    try (FileChannel same =
        FileChannel.open(
            folder.resolve("x-6-0123456789abcdef.images.lock"), StandardOpenOption.WRITE)) {
      assertThat(same.tryLock(PackLock.BEYOND_MARK, 1, false)).isNull();
    }
    AtomicInteger locked = new AtomicInteger();
    try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
      Future<?> waiting =
          pool.submit(
              () -> {
                try (PackLock lock = PackLock.of(pack)) {
                  locked.set(lock.isExclusive() ? 1 : 2);
                }
                return locked;
              });
      assertThat(waiting.isDone()).isFalse();
      assertThat(locked).hasValue(0);
      other.getOutputStream().write('\n');
      other.getOutputStream().close();
      waiting.get();
    }
    assertThat(other.waitFor()).isZero();
    assertThat(locked).hasValue(1);
  }

  /** The other process: holds the lock until it is told to let go. */
  public static void main(String[] args) throws IOException {
    try (PackLock lock = PackLock.of(Path.of(args[0]))) {
      System.out.print(lock.isExclusive() ? "L" : "-");
      System.out.flush();
      System.in.read();
    }
  }

  /** Whoever waits for a lock that its holder removes must not hold it beside a newcomer. */
  @Test
  void aLockThatWasRemovedMeanwhileIsNotHeld() throws IOException {
    Files.createDirectories(folder);
    Path pack = folder.resolve("x-6-0123456789abcdef.images");
    Path name = folder.resolve("x-6-0123456789abcdef.images.lock");
    AtomicInteger rounds = new AtomicInteger();
    PackLock.Locker slow =
        channel -> {
          FileLock got = channel.lock(PackLock.BEYOND_MARK, 1, false);
          if (rounds.getAndIncrement() < 2) {
            // The holder before removes the file; in the second round somebody makes a new one.
            Files.delete(name);
            if (rounds.get() == 2) {
              Files.writeString(name, "x".repeat(2 << 20));
            }
          }
          return got;
        };
    try (PackLock lock = PackLock.of(pack, slow)) {
      assertThat(lock.isExclusive()).isTrue();
      assertThat(rounds).hasValue(3);
      assertThat(name).exists();
    }
    assertThat(name).doesNotExist();
  }

  @Test
  void fileSystemsWithoutLocksDoWithout() throws IOException {
    Files.createDirectories(folder);
    PackLock.Locker none =
        channel -> {
          throw new IOException("No locks available");
        };
    try (PackLock lock = PackLock.of(folder.resolve("x"), none)) {
      assertThat(lock.isExclusive()).isFalse();
    }
    try (PackLock lock = PackLock.of(folder.resolve("x"))) {
      assertThat(lock.isExclusive()).isTrue();
    }
  }

  @Test
  void aPackOfAnEarlierVersionIsLeftToBeEvicted() throws IOException {
    assertPacked(options());
    Path first = cache.list().getFirst().file();
    try (FileChannel channel = FileChannel.open(first, StandardOpenOption.WRITE)) {
      channel.write(java.nio.ByteBuffer.allocate(4).putInt(0, 1), 8);
    }
    assertThat(cache.list().getFirst().images()).isZero();

    assertPacked(options());
  }

  @ParameterizedTest
  @CsvSource({
    "1234, 1234",
    "500M, 524288000",
    "2 GiB, 2147483648",
    "3k, 3072",
    "1TB, 1099511627776"
  })
  void sizesAreRead(String text, long bytes) {
    assertThat(PackOptions.bytes(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "-1", "5 apples", "999999999999999T", "1.5G"})
  void otherSizesAreRefused(String text) {
    assertThatThrownBy(() -> PackOptions.bytes(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("write such as 500M");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> list = Files.list(folder)) {
      return list.map(file -> file.getFileName().toString()).toList();
    }
  }
}
