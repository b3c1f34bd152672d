package dev.accrete.bench.kills;

import dev.accrete.bench.work.JsonFile;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Rng;
import dev.accrete.production.daily.Simulation;
import dev.accrete.production.daily.SimulationOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench kills}: whether a store survives {@code kill -9} of its daily loop. */
@Command(
    name = "kills",
    description =
        "Kill 'accrete daily' at random points, start it again, until all days are over; begin with"
            + " a new store until there were as many kills as asked for. Every store must equal one"
            + " that nothing happened to: days, versions and their digests, regression set, ledger."
            + " Exit code 3 if one does not.",
    showDefaultValues = true)
public final class KillsCommand implements Callable<Integer> {
  private static final int DIFFERENT = 3;

  /** Usual are about three; a store that took more would never come to its end. */
  private static final int KILLS_PER_DAY = 6;

  private static final SimulationOptions SIMULATION = SimulationOptions.defaults();

  @Option(names = "--kills", description = "how often a process is killed, in all")
  private int kills = 500;

  @Option(names = "--days", description = "days in the inbox: the first of NICv2-391")
  private int days = 20;

  @Option(names = "--frames-every", description = "every so manieth frame of a day arrives")
  private int framesEvery = 10;

  @Option(names = "--seed", description = "decides when processes are killed")
  private long seed;

  @Option(
      names = "--load-and-query",
      description = "try every candidate in a process of its own, too, as the default policy does")
  private boolean loadAndQuery;

  @Option(names = "--out", description = "a new folder for inbox, stores and kills.json")
  private Path out = Path.of("runs", "kills");

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "show this and stop")
  @SuppressWarnings("unused") // picocli acts on it.
  private boolean help;

  @Spec private CommandSpec spec;

  /** What was found, for kills.json. */
  record Report(int kills, int stores, int days, long seed, List<String> differences) {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (Files.exists(out)) {
      throw new AccreteException(out + " is there already: name another folder with --out");
    }
    Path inbox = Files.createDirectories(out.resolve("inbox"));
    Simulation.writeInbox(
        SIMULATION.shortened(days, framesEvery), inbox, n -> ProgressListener.NONE);
    PrintWriter console = spec.commandLine().getOut();
    Victim victim = new Victim(out.resolve("log.txt"));
    Path calm = out.resolve("undisturbed");
    init(victim, calm);
    Duration whole = victim.run(daily(calm, inbox));
    Duration nothing = victim.run(daily(calm, inbox));
    List<String> expected = StoreContent.of(calm);
    console.printf(Locale.ROOT, "undisturbed: %d days in %.1f s%n", days, whole.toMillis() / 1e3);
    console.flush();
    // Late enough for a day to come through now and then, early enough to hit every step of one.
    long latest = nothing.plus(whole.minus(nothing).multipliedBy(2).dividedBy(days)).toNanos();
    Report report = disturb(victim, inbox, expected, latest);
    JsonFile.write(out.resolve("kills.json"), report);
    report.differences().forEach(console::println);
    console.printf(
        Locale.ROOT,
        "%d kills, %d stores of %d days each: %s%n",
        report.kills(),
        report.stores(),
        days,
        report.differences().isEmpty()
            ? "all equal the undisturbed one"
            : report.differences().size() + " differences");
    console.flush();
    return report.differences().isEmpty() ? 0 : DIFFERENT;
  }

  private Report disturb(Victim victim, Path inbox, List<String> expected, long latestAtFirst)
      throws IOException, InterruptedException {
    Rng rng = Rng.of(seed, 0);
    long latest = latestAtFirst;
    PrintWriter console = spec.commandLine().getOut();
    List<String> differences = new ArrayList<>();
    int done = 0;
    int stores = 0;
    while (done < kills) {
      stores++;
      Path store = out.resolve("store-" + stores);
      init(victim, store);
      int here = 0;
      while (done < kills
          && victim.runAndKill(
              Duration.ofNanos((long) (rng.nextDouble() * (double) latest)), daily(store, inbox))) {
        done++;
        if (++here % (KILLS_PER_DAY * days) == 0) {
          // The machine is slower than it was when nothing disturbed it: hardly a day gets through.
          latest += latest / 2;
        }
      }
      victim.run(daily(store, inbox));
      for (String line : difference(expected, StoreContent.of(store))) {
        differences.add("store-" + stores + ": " + line);
      }
      console.printf(Locale.ROOT, "%d of %d kills, store %d is through%n", done, kills, stores);
      console.flush();
    }
    return new Report(done, stores, days, seed, List.copyOf(differences));
  }

  private void init(Victim victim, Path store) throws IOException, InterruptedException {
    Path policy = out.resolve("policy.yaml");
    // Frames of one video are near duplicates of each other; only equal files are left out.
    Files.writeString(
        policy,
        "ingest:\n  duplicate-distance: off\ngate:\n  load-and-query: " + loadAndQuery + "\n");
    victim.run(
        "store",
        "init",
        store.toString(),
        "--model",
        SIMULATION.learner().architecture(),
        "--image-size",
        "" + SIMULATION.learner().imageSize(),
        "--policy",
        policy.toString());
  }

  private static String[] daily(Path store, Path inbox) {
    return new String[] {"daily", store.toString(), inbox.toString(), "--new-classes"};
  }

  /** Lines that only one of two stores has, {@code -} those of the first. */
  static List<String> difference(List<String> expected, List<String> found) {
    List<String> lost = new ArrayList<>(expected);
    List<String> added = new ArrayList<>(found);
    found.forEach(lost::remove);
    expected.forEach(added::remove);
    List<String> lines = new ArrayList<>();
    lost.forEach(line -> lines.add("- " + line));
    added.forEach(line -> lines.add("+ " + line));
    return lines;
  }
}
