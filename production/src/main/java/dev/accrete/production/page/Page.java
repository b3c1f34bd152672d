package dev.accrete.production.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A page under construction; what is added is HTML, and escaped by whoever adds it. */
public final class Page {
  private final StringBuilder html = new StringBuilder();

  /** A page of this title. */
  public Page(String title) {
    html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .append("<title>")
        .append(Html.escape(title))
        .append("</title>\n<style>\n")
        .append(style())
        .append("</style>\n</head>\n<body>\n<main>\n");
  }

  /** Adds HTML. */
  public Page add(String content) {
    html.append(content).append('\n');
    return this;
  }

  /** Adds a card with a heading. */
  public Page section(String heading, String content) {
    html.append("<section>\n<h2>")
        .append(Html.escape(heading))
        .append("</h2>\n")
        .append(content)
        .append("\n</section>\n");
    return this;
  }

  /** The whole page. */
  public String html() {
    return html + "</main>\n</body>\n</html>\n";
  }

  private static String style() {
    try (InputStream in =
        Optional.ofNullable(Page.class.getResourceAsStream("page.css"))
            .orElseThrow(
                () -> new IllegalStateException("resource page.css is missing: rebuild"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read resource page.css", e);
    }
  }
}
