package dev.accrete.production.serve.api;

import dev.accrete.production.serve.http.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page for people: one file. Its browser is told to run the one script and the one style sheet
 * in it, known by their digests, and nothing else.
 */
record Page(String html, String policy) {
  private static final Pattern SCRIPT = Pattern.compile("<script>(.*?)</script>", Pattern.DOTALL);
  private static final Pattern STYLE = Pattern.compile("<style>(.*?)</style>", Pattern.DOTALL);

  static Page load() {
    String html = text("page.html");
    String policy =
        "default-src 'none'; script-src "
            + digest(SCRIPT, html)
            + "; style-src "
            + digest(STYLE, html)
            + "; img-src 'self' blob: data:; connect-src 'self'; base-uri 'none'; form-action"
            + " 'none'; frame-ancestors 'none'";
    return new Page(html, policy);
  }

  /** A text that lies beside the classes of the server. */
  static String text(String name) {
    try (InputStream in = Page.class.getResourceAsStream("/dev/accrete/production/serve/" + name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String digest(Pattern pattern, String html) {
    Matcher found = pattern.matcher(html);
    if (!found.find()) {
      throw new IllegalStateException("the page lacks " + pattern);
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(found.group(1).getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  Reply reply() {
    return Reply.text("text/html", html)
        .with("Content-Security-Policy", policy)
        .with("Referrer-Policy", "no-referrer")
        .with("Cross-Origin-Opener-Policy", "same-origin");
  }
}
