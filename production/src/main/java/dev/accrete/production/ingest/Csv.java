package dev.accrete.production.ingest;

import dev.accrete.cl.data.DataException;
import java.util.ArrayList;
import java.util.List;

/** Comma-separated values as RFC 4180 has them. */
public final class Csv {
  private static final char QUOTE = '"';

  private final String source;
  private final String text;
  private int at;
  private int line = 1;

  private Csv(String source, String text) {
    this.source = source;
    this.text = text;
  }

  /** A record, with the number of the line that it begins in. */
  public record Row(int line, List<String> fields) {}

  /**
   * All records; blank lines are none.
   *
   * @throws DataException naming the line, if quotes do not match
   */
  public static List<Row> parse(String source, String text) {
    return new Csv(source, text).rows();
  }

  private List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    while (at < text.length()) {
      int begin = line;
      List<String> fields = record();
      if (fields.size() > 1 || !fields.getFirst().isBlank()) {
        rows.add(new Row(begin, fields));
      }
    }
    return rows;
  }

  private List<String> record() {
    List<String> fields = new ArrayList<>();
    while (true) {
      fields.add(at < text.length() && text.charAt(at) == QUOTE ? quoted() : plain());
      if (at >= text.length()) {
        return fields;
      }
      char end = text.charAt(at++);
      if (end == '\r' && at < text.length() && text.charAt(at) == '\n') {
        at++;
      }
      if (end != ',') {
        line++;
        return fields;
      }
    }
  }

  private String plain() {
    int begin = at;
    while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(begin, at);
  }

  private String quoted() {
    int begin = line;
    StringBuilder field = new StringBuilder();
    at++;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c != QUOTE) {
        line += c == '\n' ? 1 : 0;
        field.append(c);
      } else if (at < text.length() && text.charAt(at) == QUOTE) {
        field.append(QUOTE);
        at++;
      } else if (at == text.length() || ",\r\n".indexOf(text.charAt(at)) >= 0) {
        return field.toString();
      } else {
        throw new DataException(
            source + " line " + line + ": text after a closing quote; double quotes within fields");
      }
    }
    throw new DataException(source + " line " + begin + ": a quote is opened and never closed");
  }
}
