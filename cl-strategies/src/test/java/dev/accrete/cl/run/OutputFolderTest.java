package dev.accrete.cl.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OutputFolderTest {
  @TempDir private Path folder;

  @Test
  void foreignFilesAreNeverOverwritten() throws IOException {
    Path report = Files.writeString(folder.resolve("report.html"), "mine");
    assertThatThrownBy(() -> RunDirectory.create(folder))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("not empty")
        .hasMessageContaining("report.html")
        .hasMessageContaining("--out");
    assertThat(folder.toFile().list()).containsExactly("report.html");
    assertThat(report).hasContent("mine");
  }

  @Test
  void whatAStartThatFailedLeavesIsNotForeign() throws IOException {
    RunDirectory.create(folder).close();
    Files.writeString(folder.resolve("config.json.tmp"), "{");
    assertThatCode(() -> RunDirectory.create(folder).close()).doesNotThrowAnyException();
  }

  @Test
  void checkpointsWithoutTheirConfigurationAreNeitherBegunNorGoneOnWith() throws IOException {
    TinyRun.run(folder.resolve("run"), TinyRun.config(), RunObserver.NONE);
    Files.delete(folder.resolve("run/config.json"));
    for (boolean resume : new boolean[] {false, true}) {
      assertThatThrownBy(
              () -> {
                if (resume) {
                  RunDirectory.resume(folder.resolve("run"));
                } else {
                  RunDirectory.create(folder.resolve("run"));
                }
              })
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("checkpoints of a run but no config.json")
          .hasMessageContaining("restore");
    }
  }

  @Test
  void resultsAreKeptApartFromData() throws IOException {
    Path data = Files.createDirectories(folder.resolve("data"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), data);
    for (Path out : List.of(data, data.resolve("run"), data.resolve("a/b"), link.resolve("run"))) {
      assertThatThrownBy(() -> RunDirectory.create(out, List.of(data)))
          .as(out.toString())
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("lies in the data folder")
          .hasMessageContaining("--out");
    }
    assertThatThrownBy(() -> OutputFolder.requireApart(folder, List.of(data)))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining(data + " lies in --out " + folder);
    assertThat(data).isEmptyDirectory();
    assertThatCode(() -> RunDirectory.create(folder.resolve("data-run"), List.of(data)).close())
        .doesNotThrowAnyException();
  }
}
