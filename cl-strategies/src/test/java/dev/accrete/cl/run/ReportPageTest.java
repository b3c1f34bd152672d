package dev.accrete.cl.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportPageTest {
  private static final Pattern TAG = Pattern.compile("<(/?)([a-zA-Z][a-zA-Z0-9]*)[^>]*?(/?)>");
  private static final Set<String> VOID = Set.of("meta", "br", "img");

  private static String page;

  @BeforeAll
  static void run(@TempDir Path folder) throws IOException {
    RunConfig config =
        TinyRun.config()
            .with(Map.of("data", "images:<b>&\"x\"", "hyper", Map.of("mini-batch", "4")));
    TinyRun.run(folder, config, RunObserver.NONE);
    page = Files.readString(folder.resolve("report.html"));
  }

  @Test
  void everyTagIsClosed() {
    Deque<String> open = new ArrayDeque<>();
    Matcher tag = TAG.matcher(page);
    while (tag.find()) {
      String name = tag.group(2);
      if (tag.group(1).isEmpty()) {
        if (tag.group(3).isEmpty() && !VOID.contains(name)) {
          open.push(name);
        }
      } else {
        assertThat(open.poll()).as("closed at %d", tag.start()).isEqualTo(name);
      }
    }
    assertThat(open).isEmpty();
  }

  @Test
  void itNeedsNothingElse() {
    assertThat(page)
        .doesNotContain("http://", "https://", "<script", "<link", "@import", "url(")
        .contains("<svg", "data:image/jpeg;base64,", "AR1*", "Commonest mistakes");
  }

  @Test
  void whatTheUserWroteIsEscaped() {
    assertThat(page).contains("/&lt;b&gt;&amp;&quot;x&quot;").doesNotContain("<b>&\"x");
  }

  @Test
  void noNumberIsUndefined() {
    assertThat(page).doesNotContain("NaN", "Infinity", "Optional");
  }
}
