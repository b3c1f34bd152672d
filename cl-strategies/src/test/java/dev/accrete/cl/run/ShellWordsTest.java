package dev.accrete.cl.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ShellWordsTest {
  @Test
  void plainWordsStayAsTheyAre() {
    assertThat(ShellWords.join(List.of("./accrete", "run", "--data", "images:/a/b-1_2.x,y=z")))
        .isEqualTo("./accrete run --data images:/a/b-1_2.x,y=z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "my pictures",
        "it's",
        "$HOME",
        "a;b",
        "~",
        "*",
        "a\"b",
        "a\\b",
        "ümläut",
        "&"
      })
  void aShellReadsThemBack(String word) throws IOException {
    Process shell =
        new ProcessBuilder("sh", "-c", "printf %s " + ShellWords.quote(word))
            .redirectErrorStream(true)
            .start();
    assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo(word);
  }
}
