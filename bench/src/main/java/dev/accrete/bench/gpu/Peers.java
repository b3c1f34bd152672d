package dev.accrete.bench.gpu;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.accrete.bench.gpu.vendor.Vendor;
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

  /**
   * Peer over ours for a case, and in which mode; or why there is no such figure. For a vendor's
   * case, its time over that of ours.
   */
  String beside(GpuReport report, GpuReport.Case one) {
    Optional<Vendor> vendor = Vendor.of(one.name());
    if (vendor.isPresent()) {
      return report
          .measured(vendor.get().ours(one.name()))
          .map(ours -> text(one.medianMs() / ours.medianMs(), called(one)))
          .orElse(called(one));
    }
    List<Line> all = new ArrayList<>(lines);
    for (Vendor each : Vendor.values()) {
      report
          .measured(each.name(one.name()))
          .ifPresent(
              theirs ->
                  all.add(
                      new Line(
                          each.label(), "", one.name(), called(theirs), theirs.medianMs(), "")));
    }
    return fastest(all, one.name())
        .filter(line -> one.medianMs() > 0)
        .map(line -> text(line.ms() / one.medianMs(), line.peer() + ", " + line.mode()))
        .or(() -> all.stream().filter(l -> l.name().equals(one.name())).findFirst().map(Line::note))
        .orElse(all.isEmpty() ? "no peer ran" : "no peer has this case");
  }

  /** The fastest mode in which a peer did a case. */
  private static Optional<Line> fastest(List<Line> lines, String name) {
    return lines.stream()
        .filter(line -> line.name().equals(name) && line.ms() > 0)
        .min(Comparator.comparingDouble(Line::ms));
  }

  /** What was called, as {@link VendorWorkload#check} says first. */
  private static String called(GpuReport.Case vendor) {
    return vendor.checked().replaceFirst(";.*", "");
  }

  private static String text(double ratio, String peer) {
    return String.format(Locale.ROOT, "%.2f (%s)", ratio, peer);
  }
}
