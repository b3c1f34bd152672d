package dev.accrete.production.serve.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;

/**
 * Decides who sends a request and whether it may.
 *
 * <p>Without tokens the server listens on this machine alone; then a page of any site, open in a
 * browser here, must not be able to use it. So a request must name this machine as its host, which
 * a name that is made to point here does not, and no other site as its origin.
 */
final class Guard {
  private static final String BEARER = "bearer ";

  private final Optional<Tokens> tokens;

  Guard(Optional<Tokens> tokens) {
    this.tokens = tokens;
  }

  /**
   * The caller, if it has the role.
   *
   * @throws Problem 401 or 403 otherwise
   */
  Caller admit(Request request, Role needed) {
    HttpFields headers = request.getHeaders();
    checkOrigin(request, headers);
    if (tokens.isEmpty()) {
      checkHost(request);
      return Caller.LOCAL;
    }
    if (needed == Role.ANYBODY) {
      return Caller.NOBODY;
    }
    String header = headers.get("Authorization");
    if (header == null || !header.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
      throw Problem.of(
          401, "no_token", "this needs a token: send the header Authorization: Bearer TOKEN");
    }
    Caller caller =
        tokens
            .get()
            .caller(header.substring(BEARER.length()).strip())
            .orElseThrow(
                () ->
                    Problem.of(
                        401, "bad_token", "this token is not known; make one with: accrete token"));
    if (!caller.role().includes(needed)) {
      throw Problem.of(
          403,
          "forbidden",
          "the token '"
              + caller.name()
              + "' has the role "
              + caller.role().text()
              + ", this needs "
              + needed.text());
    }
    return caller;
  }

  private static void checkOrigin(Request request, HttpFields headers) {
    String origin = headers.get("Origin");
    String site = headers.get("Sec-Fetch-Site");
    boolean cross =
        (site != null && site.equals("cross-site"))
            || (origin != null && !origin.replaceFirst("^https?://", "").equals(host(request)));
    if (cross && !request.getMethod().equals("GET")) {
      throw Problem.of(403, "other_origin", "requests from pages of other sites are refused");
    }
  }

  private static String host(Request request) {
    String host = request.getHeaders().get("Host");
    return host == null ? "" : host;
  }

  private static void checkHost(Request request) {
    String name = Request.getServerName(request);
    if (!isLoopback(name)) {
      throw Problem.of(
          403,
          "other_host",
          "this server answers to localhost alone, not to '" + name + "'; see --tokens");
    }
  }

  /** Whether a name or an address stands for this machine; names are not looked up. */
  static boolean isLoopback(String host) {
    String plain = host.replaceFirst("^\\[(.*)]$", "$1").toLowerCase(Locale.ROOT);
    if (plain.equals("localhost") || plain.endsWith(".localhost")) {
      return true;
    }
    try {
      boolean address = plain.contains(":") || plain.matches("[0-9.]+");
      return address && InetAddress.getByName(plain).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
