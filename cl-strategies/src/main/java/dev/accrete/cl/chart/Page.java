package dev.accrete.cl.chart;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A page of one file: no scripts, nothing from elsewhere, light and dark. */
public final class Page {
  private static final String STYLE = "page.css";

  private Page() {}

  /**
   * The page.
   *
   * @param title plain text
   * @param body HTML
   */
  public static String of(String title, String body) {
    return of(title, body, "");
  }

  /**
   * A page with looks of its own.
   *
   * @param title plain text
   * @param body HTML
   * @param css rules beside those of every page; they win
   */
  public static String of(String title, String body, String css) {
    return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        + "<title>Accrete: "
        + Html.escape(title)
        + "</title>\n<style>\n"
        + style()
        + css
        + "</style>\n</head>\n<body>\n<main>\n"
        + body
        + "</main>\n</body>\n</html>\n";
  }

  /**
   * A card with a heading.
   *
   * @param heading plain text
   * @param content HTML
   */
  public static String section(String heading, String content) {
    return "<section>\n<h2>" + Html.escape(heading) + "</h2>\n" + content + "</section>\n";
  }

  private static String style() {
    try (InputStream in =
        Optional.ofNullable(Page.class.getResourceAsStream(STYLE))
            .orElseThrow(() -> new IllegalStateException("resource " + STYLE + " is missing"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read resource " + STYLE, e);
    }
  }
}
