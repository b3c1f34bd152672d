package dev.accrete.production.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.accrete.cl.data.DataException;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Folders, ZIPs and tables of labelled images. */
class SourcesTest {
  @TempDir private Path folder;

  private Path file(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.resolveSibling("."));
    return Files.writeString(file, content);
  }

  private Path zip(String name, String... entries) throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (String entry : entries) {
        zip.putNextEntry(new ZipEntry(entry));
        zip.write(("content of " + entry).getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    }
    return file;
  }

  private static List<String> labelled(Source source) {
    try (Listing listing = source.open()) {
      return listing.items().stream()
          .map(
              item ->
                  item.label()
                      + ":"
                      + item.name()
                      + item.split().map(split -> " " + split.text()).orElse(""))
          .toList();
    }
  }

  @Test
  void aFolderOfClassFolders() throws IOException {
    file("monday/cat/b.jpg", "1");
    file("monday/cat/a.JPG", "2");
    file("monday/dog/deep/er/c.png", "3");
    file("monday/dog/notes.txt", "4");
    file("monday/dog/.hidden.jpg", "5");
    file("monday/readme", "6");
    Source source = Source.of(folder.resolve("monday"));
    assertThat(source.day()).isEqualTo("monday");
    assertThat(labelled(source))
        .containsExactly("cat:cat/a.JPG", "cat:cat/b.jpg", "dog:dog/deep/er/c.png");
    try (Listing listing = source.open()) {
      assertThat(listing.ignored())
          .isEqualTo(Map.of(".txt", 1, "without an extension", 1, "hidden", 1));
      assertThat(listing.items().getFirst().content().bytes()).isEqualTo(new byte[] {'2'});
    }
  }

  @Test
  void whatTheOwnerHeldOutIsNeverLearned() throws IOException {
    file("data/train/cat/1.jpg", "1");
    file("data/test/cat/1.jpg", "2");
    file("data/val/dog/1.jpg", "3");
    file("data/cache/dog/1.jpg", "4");
    assertThat(labelled(Source.of(folder.resolve("data"))))
        .containsExactly(
            "cat:test/cat/1.jpg regression", "cat:train/cat/1.jpg", "dog:val/dog/1.jpg regression");
  }

  @Test
  void imagesBesideTheClassFoldersAreAMistake() throws IOException {
    file("monday/cat/1.jpg", "1");
    file("monday/stray.jpg", "2");
    assertThatThrownBy(() -> labelled(Source.of(folder.resolve("monday"))))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("stray.jpg lies in no class folder");
    Files.createDirectories(folder.resolve("empty/cat"));
    assertThatThrownBy(() -> labelled(Source.of(folder.resolve("empty"))))
        .hasMessageContaining("holds no image");
    assertThatThrownBy(() -> Source.of(folder.resolve("nothing")))
        .hasMessageContaining("there is no");
    Path text = file("day.txt", "x");
    assertThatThrownBy(() -> Source.of(text)).hasMessageContaining("neither a folder nor");
  }

  @Test
  void aLinkThatLeadsBackIsNamed() throws IOException {
    file("loop/cat/1.jpg", "1");
    Files.createSymbolicLink(folder.resolve("loop/cat/up"), folder.resolve("loop"));
    assertThatThrownBy(() -> labelled(Source.of(folder.resolve("loop"))))
        .hasMessageContaining("leads back");
  }

  @Test
  void aDeadLinkIsAnImageThatCannotBeRead() throws IOException {
    file("links/cat/1.jpg", "1");
    Files.createSymbolicLink(folder.resolve("links/cat/2.jpg"), folder.resolve("gone.jpg"));
    try (Listing listing = Source.of(folder.resolve("links")).open()) {
      assertThat(listing.items()).hasSize(2);
      Item dead = listing.items().get(1);
      assertThatThrownBy(() -> dead.content().bytes()).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aZipWithOrWithoutAFolderAround() throws IOException {
    assertThat(labelled(Source.of(zip("a.zip", "cat/1.jpg", "dog/1.jpg"))))
        .containsExactly("cat:cat/1.jpg", "dog:dog/1.jpg");
    assertThat(labelled(Source.of(zip("b.zip", "b/cat/1.jpg", "b/dog/1.jpg", "__MACOSX/x.jpg"))))
        .containsExactly("cat:b/cat/1.jpg", "dog:b/dog/1.jpg");
    assertThat(labelled(Source.of(zip("c.zip", "cat/1.jpg", "cat/2.jpg"))))
        .containsExactly("cat:cat/1.jpg", "cat:cat/2.jpg");
    assertThat(labelled(Source.of(zip("d.zip", "x/train/cat/1.jpg", "x/test/cat/2.jpg"))))
        .containsExactly("cat:x/test/cat/2.jpg regression", "cat:x/train/cat/1.jpg");
    assertThat(labelled(Source.of(zip("e.zip", "cat/images/1.jpg", "cat/images/2.jpg"))))
        .containsExactly("cat:cat/images/1.jpg", "cat:cat/images/2.jpg");
  }

  @Test
  void aZipIsNotTrusted() throws IOException {
    for (String bad : List.of("../cat/1.jpg", "/cat/1.jpg", "cat/../../x.jpg", "C:\\cat\\1.jpg")) {
      Path zip = zip("bad.zip", bad);
      assertThatThrownBy(() -> labelled(Source.of(zip)))
          .as(bad)
          .isInstanceOf(DataException.class)
          .hasMessageContaining("leads out of it");
    }
    Path many = zip("many.zip", "cat/1.jpg", "cat/2.jpg", "cat/3.jpg");
    assertThatThrownBy(() -> labelled(new ZipSource(many, new ZipSource.Bounds(2, 1 << 20, 200))))
        .hasMessageContaining("3 entries");
    Path broken = file("broken.zip", "PK no zip");
    assertThatThrownBy(() -> labelled(Source.of(broken))).hasMessageContaining("no sound ZIP");
  }

  @Test
  void aBombIsStoppedWhileItUnpacks() throws IOException {
    Path bomb = folder.resolve("bomb.zip");
    try (OutputStream out = Files.newOutputStream(bomb);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("cat/1.jpg"));
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 8; i++) {
        zip.write(zeros);
      }
      zip.closeEntry();
    }
    try (Listing listing = Source.of(bomb).open()) {
      Item item = listing.items().getFirst();
      assertThatThrownBy(() -> item.content().bytes())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("unpacks to more than");
    }
    Path two = zip("two.zip", "cat/1.jpg", "cat/2.jpg");
    try (Listing listing = new ZipSource(two, new ZipSource.Bounds(10, 15, 200)).open()) {
      listing.items().getFirst().content().bytes();
      assertThatThrownBy(() -> listing.items().get(1).content().bytes())
          .isInstanceOf(DataException.class)
          .hasMessageContaining("unpacks to more than 15 bytes");
    }
  }

  @Test
  void aTableOfPathsAndLabels() throws IOException {
    file("tables/a.jpg", "1");
    Path table =
        file(
            "tables/tuesday.csv",
            "\uFEFF"
                + """
                Path,Label,subject,camera\r
                a.jpg,cat,Tom,"front, left"\r
                \r
                sub/b.jpg,"the ""big"" dog",,\r
                """);
    Source source = Source.of(table);
    assertThat(source.day()).isEqualTo("tuesday");
    try (Listing listing = source.open()) {
      Item first = listing.items().getFirst();
      assertThat(first.subject()).contains("Tom");
      assertThat(first.metadata()).isEqualTo(Map.of("camera", "front, left"));
      assertThat(first.content().bytes()).isEqualTo(new byte[] {'1'});
      Item second = listing.items().get(1);
      assertThat(second.label()).isEqualTo("the \"big\" dog");
      assertThat(second.subject()).isEqualTo(Optional.empty());
      assertThatThrownBy(() -> second.content().bytes()).hasMessageContaining("there is no file");
    }
  }

  @Test
  void aTableThatIsWrongIsNamedByLine() throws IOException {
    Map<String, String> wrong =
        Map.of(
            "", "is empty",
            "path,label\n", "names no image",
            "file,class\na,b\n", "first line must be path,label",
            "path,label,label\n", "stands there twice",
            "path,label\na.jpg\n", "line 2 has 1 fields",
            "path,label\na.jpg,\n", "line 2 lacks",
            "path,label\na.jpg,cat\na.jpg,dog\n", "line 3 names a.jpg again",
            "path,label\n\"a.jpg,cat\n", "never closed",
            "path,label\n\"a\"b,cat\n", "after a closing quote");
    for (Map.Entry<String, String> each : wrong.entrySet()) {
      Path table = file("wrong.csv", each.getKey());
      assertThatThrownBy(() -> labelled(Source.of(table)))
          .as(each.getKey())
          .isInstanceOf(DataException.class)
          .hasMessageContaining(each.getValue());
    }
  }

  /** A tool that is broken, or means harm: two files cannot have one name. */
  @Test
  void theSecondEntryOfANameIsTold() throws IOException {
    Path zip = zip("monday.zip", "cat/1.jpg", "cat/2.jpg", "cat/3.jpg");
    String bytes = Files.readString(zip, StandardCharsets.ISO_8859_1);
    Files.writeString(zip, bytes.replace("cat/2.jpg", "cat/1.jpg"), StandardCharsets.ISO_8859_1);
    try (Listing listing = Source.of(zip).open()) {
      assertThat(listing.items())
          .extracting(Item::name)
          .containsExactly("cat/1.jpg", "cat/1.jpg (2)", "cat/3.jpg");
      assertThat(listing.items().getFirst().content().bytes()).isNotEmpty();
      assertThatThrownBy(() -> listing.items().get(1).content().bytes())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("twice");
    }
  }

  @Test
  void hiddenFilesAreCounted() throws IOException {
    file("monday/cat/1.jpg", "1");
    file("monday/cat/.hid.jpg", "2");
    file("monday/.cache/dog/1.jpg", "3");
    try (Listing listing = Source.of(folder.resolve("monday")).open()) {
      assertThat(listing.ignored()).isEqualTo(Map.of("hidden", 2));
    }
    try (Listing listing =
        Source.of(zip("tuesday.zip", "cat/1.jpg", "__MACOSX/cat/._1.jpg")).open()) {
      assertThat(listing.ignored()).isEqualTo(Map.of("hidden", 1));
    }
  }

  /** A pipe would be waited for until somebody writes to it. */
  @Test
  @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void onlyRegularFilesAreRead() throws Exception {
    file("monday/cat/1.jpg", "1");
    Path table = file("monday.csv", "path,label\nmonday/cat/pipe.jpg,cat\n");
    for (String pipe : List.of("monday/cat/pipe.jpg", "pipe.csv", "pipe.zip")) {
      try {
        assertThat(new ProcessBuilder("mkfifo", folder.resolve(pipe).toString()).start().waitFor())
            .isZero();
      } catch (IOException e) {
        abort("no mkfifo here: " + e.getMessage());
      }
    }
    try (Listing listing = Source.of(folder.resolve("monday")).open();
        Listing rows = Source.of(table).open();
        Listing one =
            new OneClassSource(
                    "x", "cat", Optional.empty(), List.of(folder.resolve("monday/cat/pipe.jpg")))
                .open()) {
      assertThat(listing.items()).hasSize(2);
      for (Item pipe :
          List.of(listing.items().get(1), rows.items().getFirst(), one.items().getFirst())) {
        assertThatThrownBy(() -> pipe.content().bytes())
            .isInstanceOf(IOException.class)
            .hasMessageContaining("no regular file");
      }
    }
    for (String pipe : List.of("pipe.csv", "pipe.zip")) {
      assertThatThrownBy(() -> Source.of(folder.resolve(pipe)))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("no regular file");
    }
  }

  @Test
  void aFolderMayBeCalledAsNoPathIs() throws IOException {
    assumeThat(File.separatorChar).isEqualTo('/');
    file("monday/\\back/1.jpg", "1");
    file("monday/cat/1.jpg", "1");
    assertThat(labelled(Source.of(folder.resolve("monday"))))
        .containsExactly("\\back:\\back/1.jpg", "cat:cat/1.jpg");
  }

  /** One spelling of letters with marks, whatever wrote them. */
  @Test
  void subjectsAndRemarksHaveOneSpelling() {
    Item item =
        new Item(
            "1.png",
            "cat",
            Optional.of(" Zoe\u0301 "),
            Map.of("cafe\u0301", "me\u0301tro"),
            Optional.empty(),
            () -> new byte[0]);
    assertThat(item.subject()).hasValue("Zo\u00e9");
    assertThat(item.metadata()).isEqualTo(Map.of("caf\u00e9", "m\u00e9tro"));
  }
}
