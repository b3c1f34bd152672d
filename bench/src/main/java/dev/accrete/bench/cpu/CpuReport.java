package dev.accrete.bench.cpu;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.accrete.bench.work.Machine;
import java.util.List;
import java.util.SortedMap;

/**
 * What {@code bench cpu} found out.
 *
 * @param suite {@code full} or {@code quick}
 * @param rounds how many were asked for
 * @param limits the most GFLOP/s that registers were seen to do, by number of threads
 * @param cases those measured so far
 * @param notes what the reader should know
 */
record CpuReport(
    Machine machine,
    String suite,
    int rounds,
    SortedMap<Integer, Double> limits,
    List<CpuCase> cases,
    List<String> notes) {
  private static final int SCHEMA = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  CpuReport {
    cases = List.copyOf(cases);
    notes = List.copyOf(notes);
  }

  /** The content of {@code cpu.json}; what concerns a peer is absent where there is none. */
  ObjectNode toJson() {
    ObjectNode json = JSON.createObjectNode();
    json.put("schema", SCHEMA);
    json.set("machine", JSON.valueToTree(machine));
    json.put("suite", suite);
    json.put("rounds", rounds);
    ObjectNode peaks = json.putObject("multiplyAddGflops");
    limits.forEach((threads, gflops) -> peaks.put(Integer.toString(threads), gflops));
    ArrayNode list = json.putArray("cases");
    cases.forEach(one -> list.add(toJson(one)));
    notes.forEach(json.putArray("notes")::add);
    return json;
  }

  private static ObjectNode toJson(CpuCase one) {
    ObjectNode json = JSON.createObjectNode();
    json.put("name", one.name());
    json.put("ours", one.ours());
    json.put("oursMs", one.oursMs());
    one.peer()
        .ifPresent(
            peer -> {
              json.put("peer", peer.name());
              json.put("peerMs", peer.millis());
              json.put("ratio", peer.ratio());
            });
    json.put("gflops", one.gflops());
    json.put("limitShare", one.limitShare());
    json.put("samples", one.samples());
    json.put("stolen", one.stolen());
    json.put("oursPeakMiB", one.oursPeakMib());
    one.peer()
        .ifPresent(
            peer -> {
              json.put("peerPeakMiB", peer.peakMib());
              peer.ratios().forEach(json.putArray("roundRatios")::add);
            });
    return json;
  }
}
