package dev.accrete.cl.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PageTest {
  @Test
  void numbersAreRoundedAsPeopleReadThem() {
    assertThat(Html.percent(0.12345)).isEqualTo("12.3%");
    assertThat(Html.points(0.0123)).isEqualTo("+1.2");
    assertThat(Html.points(-0.2)).isEqualTo("-20.0");
    assertThat(Html.points(-0.0004)).isEqualTo("0.0");
    assertThat(Html.whole(1234567)).isEqualTo("1,234,567");
  }

  @Test
  void aPageIsWhole() {
    String html = Page.of("a < b", Page.section("y & z", "<p>w</p>"), ".own { color: red; }\n");
    assertThat(html)
        .startsWith("<!DOCTYPE html>")
        .contains("<title>Accrete: a &lt; b</title>", "<h2>y &amp; z</h2>\n<p>w</p></section>")
        .endsWith("</main>\n</body>\n</html>\n");
    assertThat(html.indexOf(".own")).isBetween(html.indexOf("--ink:"), html.indexOf("</style>"));
  }

  @Test
  void namesCannotBecomeTags() {
    assertThat(Html.escape("<b>&\"'")).isEqualTo("&lt;b&gt;&amp;&quot;&#39;");
  }
}
