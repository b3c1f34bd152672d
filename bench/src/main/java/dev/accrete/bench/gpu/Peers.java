package dev.accrete.bench.gpu;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What {@code bench/peers/gpu_peers.py} printed: a line of JSON for every case that it measured.
 *
 * @param lines in order
 */
record Peers(List<Line> lines) {
  private static final ObjectMapper JSON = new ObjectMapper();

  Peers {
    lines = List.copyOf(lines);
  }

  /**
   * One case of a peer.
   *
   * @param peer for example {@code torch 2.11.0}
   * @param device what it ran on
   * @param name of the case as here
   * @param mode how the peer was used
   * @param ms the median in milliseconds; 0 = it was not measured
   * @param note why it was not measured, or what else is to know
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Line(String peer, String device, String name, String mode, double ms, String note) {}

  /**
   * Reads a file of lines; other lines, such as warnings, are passed over.
   *
   * @return no lines if there is no such file
   * @throws AccreteException if a line begins like one and is none
   */
  static Peers read(Path file) throws IOException {
    List<Line> lines = new ArrayList<>();
    if (Files.isRegularFile(file)) {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith("{")) {
          try {
            lines.add(JSON.readValue(line, Line.class));
          } catch (JacksonException e) {
            throw new AccreteException(file + " has a line that is no result: " + line, e);
          }
        }
      }
    }
    return new Peers(lines);
  }

  /** The fastest mode in which a peer did a case. */
  Optional<Line> fastest(String name) {
    return lines.stream()
        .filter(line -> line.name().equals(name) && line.ms() > 0)
        .min(Comparator.comparingDouble(Line::ms));
  }

  /** Peer over ours for a case, and in which mode; or why there is no such figure. */
  String beside(GpuReport.Case ours) {
    Optional<Line> theirs = fastest(ours.name());
    if (theirs.isPresent() && ours.medianMs() > 0) {
      Line line = theirs.get();
      return String.format(
          Locale.ROOT, "%.2f (%s, %s)", line.ms() / ours.medianMs(), line.peer(), line.mode());
    }
    return lines.stream()
        .filter(line -> line.name().equals(ours.name()))
        .findFirst()
        .map(Line::note)
        .orElse(lines.isEmpty() ? "no peer ran" : "no peer has this case");
  }
}
