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
    return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        + "<title>Accrete: "
        + Html.escape(title)
        + "</title>\n<style>\n"
        + style()
        + "</style>\n</head>\n<body>\n<main>\n"
        + body
        + "</main>\n</body>\n</html>\n";
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
