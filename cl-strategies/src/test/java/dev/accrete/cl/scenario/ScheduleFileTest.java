package dev.accrete.cl.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.accrete.cl.data.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScheduleFileTest {
  private static final Nicv2Schedule OFFICIAL = Nicv2Schedule.official(196, 3);

  @TempDir Path folder;

  private static List<String> lines() {
    return new ArrayList<>(
        OFFICIAL.batches().stream()
            .map(b -> b.stream().map(CoreSequence::toString).collect(Collectors.joining(" ")))
            .toList());
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("schedule.txt"), text, StandardCharsets.ISO_8859_1);
  }

  private void assertRejected(String text, String... parts) throws IOException {
    Path file = write(text);
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> Nicv2Schedule.read(file))
        .withMessageContaining("schedule.txt")
        .satisfies(e -> assertThat(e.getMessage()).contains(parts));
  }

  @Test
  void readsTheFormatOfTheOfficialFiles() throws IOException {
    Nicv2Schedule read = Nicv2Schedule.read(write(String.join("\n", lines()) + "\n"));

    assertThat(read.batches()).isEqualTo(OFFICIAL.batches());
    assertThat(read.name()).isEqualTo("nicv2:schedule.txt");
  }

  @Test
  void readsWindowsLineEndsAndTabs() throws IOException {
    String text = String.join("\r\n", lines()).replace(' ', '\t');
    assertThat(Nicv2Schedule.read(write(text)).batches()).isEqualTo(OFFICIAL.batches());
  }

  @Test
  void everyTruncationIsRejected() throws IOException {
    String text = String.join("\n", lines());
    for (int length = 0; length < text.length(); length += 37) {
      assertRejected(text.substring(0, length), "line ", "copy");
    }
    assertRejected(text.substring(0, text.length() - 1), "line 196");
  }

  @Test
  void aCleanCutNamesTheLastLineAndTheCount() throws IOException {
    String text = String.join("\n", lines().subList(0, 101));
    assertRejected(text, "line 101", "210 of the 400", "truncated", "copy it again");
  }

  @Test
  void aDamagedTokenIsQuoted() throws IOException {
    List<String> lines = lines();
    lines.set(41, "s4\u0000o\u00ff3 " + lines.get(41));
    assertRejected(String.join("\n", lines), "line 42", "'s4?o?3'", "correct it");
  }

  @Test
  void rangesAreChecked() throws IOException {
    assertRejected("s12/o1", "line 1", "s12/o1", "session 1..11");
    assertRejected("s1/o51", "line 1", "s1/o51", "object 1..50");
    assertRejected("s01/o1", "line 1", "s01/o1");
    assertRejected("s1/o1\ns3/o1", "line 2", "s3/o1", "test session");
  }

  @Test
  void aSequenceLearnedTwiceNamesBothLines() throws IOException {
    assertRejected("s1/o1\ns1/o2\ns1/o1", "line 3", "already learned in line 1");
  }

  @Test
  void emptyLinesAndFilesAreRejected() throws IOException {
    assertRejected("s1/o1\n\ns1/o2", "line 2", "empty");
    assertRejected("", "0 of the 400");
  }

  @Test
  void aHugeFileIsNotRead() throws IOException {
    assertRejected("s1/o1 ".repeat(200_000), "1200000 bytes", "one batch a line");
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> Nicv2Schedule.read(folder.resolve("none.txt")))
        .withMessageContaining("none.txt");
  }
}
