package dev.accrete.production.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.production.page.Pictures;
import dev.accrete.production.policy.Policy;
import java.io.StringReader;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class CardTest {
  private static final String PICTURE = Pictures.dataUri(new byte[3 * 4 * 4], 4, 96);

  private static String html(Verdict verdict) {
    return Card.html(verdict, image -> Optional.of(PICTURE));
  }

  private static long count(String html, String part) {
    return Pattern.compile(Pattern.quote(part)).matcher(html).results().count();
  }

  @Test
  void reasonsComeFirstAndImagesThatChangedSidesAreShown() {
    Verdict verdict =
        Trials.withChampion()
            .add(50, "cat", true, true)
            .add(30, "cat", true, false)
            .add(40, "dog", false, true)
            .judge(Policy.DEFAULT);
    String html = html(verdict);
    assertThat(html).contains("<title>Accrete: Version v2, not blessed</title>");
    int verdictAt = html.indexOf("<strong>Not blessed</strong>");
    assertThat(verdictAt).isPositive();
    for (Finding reason : verdict.reasons()) {
      int at = html.indexOf("<li>" + reason.text() + "</li>");
      assertThat(at).as(reason.text()).isBetween(verdictAt, html.indexOf("<h2>Metrics</h2>"));
    }
    assertThat(count(html, "<figure>")).isEqualTo(70);
    assertThat(html)
        .contains("Right before, wrong now <span class=\"soft\">30</span>")
        .contains("<b>cat</b><br>cat 90% &rarr; dog 70%")
        .doesNotContain("more are not shown");
    verdict.findings().forEach(f -> assertThat(html).contains(f.text()));
  }

  @Test
  void thePageNeedsNothingElse() {
    String html = html(Trials.withChampion().add(30, "cat", true, false).judge(Policy.DEFAULT));
    assertThat(html)
        .startsWith("<!DOCTYPE html>")
        .contains("name=\"viewport\"", "prefers-color-scheme: dark", "max-width: 640px")
        .doesNotContain("<script", "http://", "https://", "<link");
    assertThat(html).doesNotContain("NaN", "Infinity");
  }

  @Test
  void whatIsNotShownIsCounted() {
    Verdict verdict =
        Trials.withChampion()
            .add(1, "cat", true, true)
            .add(Flips.KEPT + 15, "cat", true, false)
            .judge(Policy.DEFAULT);
    String html = Card.html(verdict, image -> Optional.empty());
    assertThat(count(html, "<figure>")).isEqualTo(Flips.KEPT);
    assertThat(count(html, "no picture")).isEqualTo(Flips.KEPT);
    assertThat(html).contains("15 more are not shown.").contains("<p class=\"note\">None.</p>");
  }

  @Test
  void theWorstFallsComeFirst() {
    Trials trials = Trials.withChampion();
    Answer wrong = new Answer("dog", 0.6, 0.3);
    trials.add(1, "cat", new Answer("cat", 0.5, 0.5), wrong, Scored.Part.NEW, Map.of());
    trials.add(1, "cat", new Answer("cat", 0.99, 0.99), wrong, Scored.Part.NEW, Map.of());
    trials.add(1, "cat", new Answer("cat", 0.7, 0.7), wrong, Scored.Part.NEW, Map.of());
    assertThat(trials.judge(Policy.DEFAULT).flips().worst())
        .extracting(Flip::image)
        .containsExactly("000001", "000002", "000000");
  }

  @Test
  void namesAreEscaped() {
    String name = "<b>&\"'";
    Verdict verdict =
        Trials.withChampion()
            .classes(Set.of("cat", name), Set.of("cat", name))
            .add(15, name, true, true)
            .add(
                15,
                name,
                new Answer(name, 1, 1),
                new Answer("cat", 1, 0),
                Scored.Part.NEW,
                Map.of())
            .judge(Policy.DEFAULT);
    String html = html(verdict);
    assertThat(html).doesNotContain(name).contains("&lt;b&gt;&amp;&quot;&#39;");
  }

  @Test
  void theFirstVersionHasNoBefore() {
    String html = html(Trials.first().add(30, "cat", true, true).judge(Policy.DEFAULT));
    assertThat(html)
        .contains("<strong>Blessed</strong>", "The first version, judged on 30 images")
        .doesNotContain("Images that changed sides", "<dt>champion</dt>");
  }

  @Test
  void tagsAreClosed() throws Exception {
    Verdict verdict =
        Trials.withChampion()
            .add(50, "cat", true, true, Scored.Part.NEW, Map.of("subject", "7"))
            .add(30, "cat", true, false)
            .add(5, "fox", false, true)
            .judge(Policy.DEFAULT);
    String body = html(verdict);
    String xml =
        body.substring(body.indexOf("<body>"), body.indexOf("</html>"))
            .replaceAll("<(meta|img|br)([^>]*)>", "<$1$2/>")
            .replace("<details open>", "<details>")
            .replace("&rarr;", "to");
    var factory = javax.xml.parsers.DocumentBuilderFactory.newInstance();
    assertThat(
            factory
                .newDocumentBuilder()
                .parse(new org.xml.sax.InputSource(new StringReader(xml)))
                .getElementsByTagName("section")
                .getLength())
        .isEqualTo(6);
  }
}
