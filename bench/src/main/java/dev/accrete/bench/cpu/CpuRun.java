package dev.accrete.bench.cpu;

import dev.accrete.bench.peer.Search;
import dev.accrete.bench.work.Agreement;
import dev.accrete.bench.work.Alternation;
import dev.accrete.bench.work.Machine;
import dev.accrete.bench.work.Measurement;
import dev.accrete.bench.work.Measurer;
import dev.accrete.bench.work.Task;
import dev.accrete.bench.work.Workload;
import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Measures a suite round by round, so that slow drift of the machine hits all cases and an
 * interrupted run leaves figures for each. Ours and the peer run side by side, see {@link
 * Alternation}. A peer that is missing or fails leaves its case without one; a case of ours that
 * fails is left out. Both are noted.
 */
final class CpuRun {
  /** Looks for the peer of a workload. */
  @FunctionalInterface
  interface Finder {
    Search find(Workload workload) throws IOException, InterruptedException;
  }

  /** Hears of progress. */
  interface Listener {
    /**
     * A round of a case has ended; {@code outcome} is one line, {@code soFar} all that is known.
     */
    void ended(CpuSuite.Entry entry, int round, String outcome, CpuReport soFar) throws IOException;
  }

  /** A case and what became of it so far. */
  private static final class State {
    final CpuSuite.Entry entry;
    final List<CpuCase.Round> rounds = new ArrayList<>();
    Optional<Measurer> peer = Optional.empty();
    boolean failed;

    State(CpuSuite.Entry entry) {
      this.entry = entry;
    }
  }

  private final Alternation alternation = Alternation.here();
  private final CpuSuite suite;
  private final String name;
  private final int rounds;
  private final Measurer own;
  private final Finder peers;
  private final Listener listener;
  private final List<State> states = new ArrayList<>();
  private final Set<String> notes = new LinkedHashSet<>();
  private final SortedMap<Integer, Double> limits = new TreeMap<>();

  CpuRun(CpuSuite suite, String name, int rounds, Measurer own, Finder peers, Listener listener) {
    this.suite = suite;
    this.name = name;
    this.rounds = rounds;
    this.own = own;
    this.peers = peers;
    this.listener = listener;
  }

  /** Measures everything. */
  void run() throws IOException, InterruptedException {
    for (CpuSuite.Entry entry : suite.entries()) {
      State state = new State(entry);
      Search search = peers.find(entry.task().workload());
      state.peer = search.peer();
      notes.addAll(search.notes());
      states.add(state);
    }
    for (int round = 0; round < rounds; round++) {
      for (Task peak : suite.peaks()) {
        Measurement measured = alternation.measure(own, peak);
        // A limit: whatever was slower was disturbed.
        double gflops = 2e-6 * measured.macs() / Collections.min(measured.runMillis());
        limits.merge(peak.workload().threads(), gflops, Math::max);
      }
      for (State state : states) {
        String outcome = state.failed ? "left out" : round(state);
        listener.ended(state.entry, round, outcome, report());
      }
    }
  }

  private String round(State state) throws IOException, InterruptedException {
    CpuCase.Round result;
    try {
      result = measure(state);
    } catch (AccreteException e) {
      state.failed = true;
      return note(state.entry.name() + " failed and is left out: " + e.getMessage());
    }
    state.rounds.add(result);
    String line = String.format(Locale.ROOT, "ours %.2f ms", result.ours().medianMillis());
    return result
        .peer()
        .map(
            theirs ->
                line
                    + String.format(
                        Locale.ROOT,
                        ", %s %.2f ms, ratio %.2f",
                        theirs.engine(),
                        theirs.medianMillis(),
                        result.ratio(theirs)))
        .orElse(line + ", no peer");
  }

  /** Both side by side. Where that fails and ours alone does not, the peer was to blame. */
  private CpuCase.Round measure(State state) throws IOException, InterruptedException {
    Task task = state.entry.task();
    if (state.peer.isEmpty()) {
      return new CpuCase.Round(alternation.measure(own, task), Optional.empty());
    }
    List<Measurement> both;
    try {
      both = alternation.measure(List.of(own, state.peer.get()), task);
    } catch (AccreteException e) {
      CpuCase.Round alone = new CpuCase.Round(alternation.measure(own, task), Optional.empty());
      state.peer = Optional.empty();
      note(state.entry.name() + " goes on without its peer: " + e.getMessage());
      return alone;
    }
    Agreement.check(both.getFirst(), both.getLast());
    return new CpuCase.Round(both.getFirst(), Optional.of(both.getLast()));
  }

  private String note(String text) {
    notes.add(text);
    return text;
  }

  /** Adds what the reader should know. */
  void addNote(String text) {
    notes.add(text);
  }

  /** Whether a case of ours failed. */
  boolean hasFailed() {
    return states.stream().anyMatch(state -> state.failed);
  }

  /** What is known by now. */
  CpuReport report() throws IOException {
    Map<String, CpuCase> cases = new LinkedHashMap<>();
    for (State state : states) {
      if (!state.failed && !state.rounds.isEmpty()) {
        double limit = limits.getOrDefault(state.entry.task().workload().threads(), 0.0);
        cases.put(state.entry.name(), new CpuCase(state.entry.name(), state.rounds, limit));
      }
    }
    List<String> all = new ArrayList<>(notes);
    cases.values().stream()
        .filter(one -> one.stolen() > Alternation.TOLERATED)
        .map(CpuRun::disturbed)
        .forEach(all::add);
    return new CpuReport(
        Machine.here(), name, rounds, new TreeMap<>(limits), List.copyOf(cases.values()), all);
  }

  private static String disturbed(CpuCase one) {
    return String.format(
        Locale.ROOT,
        "%s: a hypervisor gave up to %.0f%% of the processors' time to others; measure again when"
            + " the machine is quieter",
        one.name(),
        100 * one.stolen());
  }
}
