package dev.accrete.production.daily;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.accrete.cl.data.DataException;
import dev.accrete.core.AccreteException;
import dev.accrete.production.ingest.Source;
import dev.accrete.production.policy.CostPolicy;
import dev.accrete.production.policy.NotifyPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoryTest {
  private static final CostPolicy CHEAP = new CostPolicy(3.6, "EUR");

  @TempDir private Path folder;

  private static DayOutcome outcome(int day, DayOutcome.Kind kind, String... reasons) {
    return new DayOutcome(
        "day-" + day,
        kind,
        9,
        1,
        new TreeMap<>(),
        List.of(),
        OptionalInt.of(day),
        List.of(reasons),
        List.of(),
        List.of(),
        List.of(),
        Optional.empty(),
        false);
  }

  private static StoryDay day(int number, DayOutcome.Kind kind, double accuracy, String... why) {
    return new StoryDay(
        number,
        outcome(number, kind, why),
        9 * number,
        10 * number,
        OptionalDouble.of(accuracy),
        3,
        1,
        1_000_000,
        2,
        1,
        1 << 20,
        1 << 10,
        4,
        100_000_000,
        500,
        1 << 22);
  }

  @Test
  void daysAreReadBackAndAHalfLineIsNot() throws IOException {
    Path path = folder.resolve("story.jsonl");
    StoryFile file = new StoryFile(path);
    assertThat(file.read()).isEmpty();
    StoryDay first = day(1, DayOutcome.Kind.PROMOTED, 0.25);
    StoryDay second = day(2, DayOutcome.Kind.BLOCKED, 0.5, "worse");
    file.add(first);
    file.add(second);
    assertThat(file.read()).containsExactly(first, second);
    Files.writeString(path, "{\"number\":3,", StandardOpenOption.APPEND);
    assertThat(file.read()).containsExactly(first, second);
    file.add(first);
    assertThat(file.read()).containsExactly(first, second, first);
    Files.writeString(path, "nonsense\n");
    assertThatThrownBy(file::read)
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("story.jsonl");
  }

  @Test
  void thePageSaysWhatItCostAndWhatWasBlocked() {
    String page =
        StoryPage.html(
            "A <story>",
            List.of(
                day(1, DayOutcome.Kind.PROMOTED, 0.25),
                day(2, DayOutcome.Kind.BLOCKED, 0.5, "recall of <cat> fell")),
            CHEAP,
            "./accrete daily --simulate");
    assertThat(page)
        .contains("A &lt;story&gt;", "50.0%", "recall of &lt;cat&gt; fell")
        .contains("<table class=\"reasons\">", "<th>what happened</th><th>why</th>")
        .contains(".reasons td:last-child { white-space: normal")
        .contains("0.40%") // 4 of 1,000 CPU seconds
        .contains("1.00 EUR") // 1,000 s at 3.6 an hour
        .contains("Review suspected 6 labels", "2 were wrong")
        .contains("1 of the days did not go into production")
        .doesNotContain("<story>", "<cat>");
  }

  @Test
  void storiesStandBesideEachOther() throws IOException {
    Path calm = Files.createDirectory(folder.resolve("calm"));
    StoryFile file = new StoryFile(calm.resolve("story.jsonl"));
    file.add(day(1, DayOutcome.Kind.PROMOTED, 0.25));
    file.add(day(2, DayOutcome.Kind.BLOCKED, 0.75));
    StoryComparison.Story read = StoryComparison.Story.read(calm);
    StoryComparison.Story other =
        new StoryComparison.Story("<other>", List.of(day(1, DayOutcome.Kind.PROMOTED, 0.5)));
    StoryComparison comparison = new StoryComparison(List.of(read, other));
    assertThat(comparison.table())
        .containsExactly(
            comparison.table().getFirst(),
            "calm\t2\t1\t75.0%\t50.0%\t6\t2\t4\t0.40%",
            "<other>\t1\t0\t50.0%\t50.0%\t3\t1\t2\t0.40%");
    assertThat(comparison.html("two")).contains("&lt;other&gt;", "75.0%").doesNotContain("<other>");

    assertThatThrownBy(() -> StoryComparison.Story.read(folder))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("accrete daily --simulate");
    assertThatThrownBy(() -> new StoryComparison(List.of(read, read)))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("'calm'");
    assertThatThrownBy(() -> new StoryComparison(List.of()))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("got 0");
  }

  @Test
  void anInboxHasADayForEveryFolderAndArchiveThatHasArrived() throws IOException {
    Files.createDirectory(folder.resolve("2026-03-02"));
    Files.createDirectory(folder.resolve(".hidden"));
    Files.createDirectory(folder.resolve("_later"));
    Files.writeString(folder.resolve("2026-03-01.zip"), "");
    Files.writeString(folder.resolve("2026-03-03.csv"), "path,label\n");
    Files.writeString(folder.resolve("2026-03-04.zip.part"), "");
    Files.writeString(folder.resolve("notes.txt"), "");
    Inbox inbox = Inbox.of(folder);
    assertThat(inbox.days())
        .extracting(Source::day)
        .containsExactly("2026-03-01", "2026-03-02", "2026-03-03");
    assertThat(inbox.passedOver()).containsExactly("notes.txt");
    assertThatThrownBy(() -> Inbox.of(folder.resolve("none")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("there is no folder");
  }

  @Test
  void newsArePostedAndGivenToACommand() throws Exception {
    LinkedBlockingQueue<String> posted = new LinkedBlockingQueue<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          posted.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(
              exchange.getRequestURI().getPath().equals("/bad") ? 500 : 204, -1);
          exchange.close();
        });
    server.start();
    try {
      String base = "http://127.0.0.1:" + server.getAddress().getPort();
      Path told = folder.resolve("told");
      DayOutcome blocked = outcome(1, DayOutcome.Kind.BLOCKED, "worse");
      Notifier both =
          new Notifier(
              new NotifyPolicy(base + "/", "cat > '" + told + "'", NotifyPolicy.When.PROBLEMS, 30));
      assertThat(both.tell(outcome(1, DayOutcome.Kind.PROMOTED))).isEmpty();
      assertThat(posted).isEmpty();
      assertThat(both.tell(blocked)).isEmpty();
      assertThat(posted.take()).isEqualTo(Notifier.json(blocked)).contains("\"blocked\"", "worse");
      assertThat(told).hasContent(Notifier.json(blocked));
      DayOutcome failed = DayOutcome.failed("pics", "no day; mend it");
      assertThat(both.tell(failed)).isEmpty();
      assertThat(posted.take()).contains("\"failed\"", "no day; mend it");
      assertThat(both.tell(DayOutcome.stopped("disk full; make room"))).isEmpty();
      assertThat(posted.take()).contains("\"stopped\"", "disk full; make room");

      Notifier failing =
          new Notifier(new NotifyPolicy(base + "/bad", "exit 3", NotifyPolicy.When.ALWAYS, 30));
      assertThat(failing.tell(blocked))
          .hasSize(2)
          .anyMatch(line -> line.contains("answered 500"))
          .anyMatch(line -> line.contains("ended with 3"));
    } finally {
      server.stop(0);
    }
  }

  /** Days of a story that began before there were warnings and more. */
  @Test
  void aDayWithoutWarningsIsRead() throws IOException {
    Path file = folder.resolve("story.jsonl");
    StoryDay day = day(1, DayOutcome.Kind.PROMOTED, 0.5);
    new StoryFile(file).add(day);
    String line = Files.readString(file);
    assertThat(line).contains(",\"warnings\":[]");
    String later = ",\"with\":[],\"leftOut\":[],\"over\":false";
    assertThat(line).contains(later);
    Files.writeString(file, line.replace(",\"warnings\":[]", "").replace(later, ""));
    assertThat(new StoryFile(file).read()).containsExactly(day);
  }
}
