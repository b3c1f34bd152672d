package dev.accrete.production.serve.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What goes back to the client. */
@SuppressWarnings("ArrayRecordComponent") // Written out, never compared.
public record Reply(int status, String contentType, byte[] body, Map<String, String> headers) {
  static final String JSON = "application/json";

  /** An answer of some type. */
  public static Reply of(String contentType, byte[] body) {
    return new Reply(200, contentType, body, Map.of());
  }

  /** An answer in JSON. */
  public static Reply json(byte[] body) {
    return of(JSON, body);
  }

  /** An answer in JSON, of records, maps and lists. */
  public static Reply json(Object value) {
    return json(Json.bytes(value));
  }

  /** Text in UTF-8. */
  public static Reply text(String contentType, String text) {
    return of(contentType + "; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  /** The same with another status. */
  public Reply withStatus(int other) {
    return new Reply(other, contentType, body, headers);
  }

  /** The same with one more header. */
  public Reply with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Reply(status, contentType, body, more);
  }
}
