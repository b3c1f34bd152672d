package dev.accrete.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.bench.work.InferenceWorkload;
import dev.accrete.bench.work.PeakWorkload;
import dev.accrete.bench.work.TrainingWorkload;
import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeersTest {
  private static final InferenceWorkload INFERENCE = new InferenceWorkload(1, 128, 32, 2, "vector");

  @TempDir private Path libraries;

  @Test
  void whatIsNotBuiltIsMissingWithTheRemedy() throws IOException, InterruptedException {
    for (Search search :
        new Search[] {
          OnnxPeer.find(INFERENCE, libraries),
          OnnxPeer.find(INFERENCE, libraries.resolve("nowhere")),
          LibtorchPeer.find(new TrainingWorkload(1, 128, 32, 2, "vector"), libraries)
        }) {
      assertThat(search.peer()).isEmpty();
      assertThat(search.notes()).singleElement().asString().contains("-Ppeers");
      assertThatThrownBy(search::required)
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("not built");
    }
  }

  @Test
  void whatIsBuiltIsFound() throws IOException {
    Files.createFile(libraries.resolve("accrete-bench-1-peers.jar"));
    Search search = OnnxPeer.find(INFERENCE, libraries);
    assertThat(search.peer()).isPresent();
    assertThat(search.notes()).isEmpty();
  }

  @Test
  void nobodyCompetesInThePeak() throws IOException, InterruptedException {
    assertThat(Peers.find(new PeakWorkload(1)).peer()).isEmpty();
    assertThat(Peers.find(new PeakWorkload(1)).notes()).isEmpty();
  }
}
