package dev.accrete.cl.run;

import dev.accrete.cl.run.report.Report;
import dev.accrete.nn.io.AtomicFiles;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what a finished run leaves for people and programs. */
public final class RunResults {
  private static final Logger LOG = LoggerFactory.getLogger(RunResults.class);

  private RunResults() {}

  /**
   * Writes {@code summary.json} and {@code report.html}. The report is for the eye: whatever keeps
   * it from being made is a warning, and going on with the finished run makes it again.
   *
   * @throws dev.accrete.core.AccreteException if the summary cannot be written
   */
  public static Summary write(
      RunConfig config, RunDirectory directory, RunInputs inputs, List<Ledger> ledgers) {
    return write(config, directory, inputs, ledgers, StrategyInfo.known());
  }

  /**
   * The same.
   *
   * @param strategies what the report must know of the strategies, by name
   * @throws dev.accrete.core.AccreteException if the summary cannot be written
   */
  public static Summary write(
      RunConfig config,
      RunDirectory directory,
      RunInputs inputs,
      List<Ledger> ledgers,
      Map<String, StrategyInfo> strategies) {
    Summary summary = Summaries.of(config, inputs, ledgers);
    AtomicFiles.write(directory.summary(), List.of(Json.bytes(summary)));
    try {
      String page = Report.html(config, inputs, ledgers, summary, strategies);
      AtomicFiles.write(directory.report(), List.of(page.getBytes(StandardCharsets.UTF_8)));
    } catch (RuntimeException | Error e) { // a missing library of the JDK is an Error
      LOG.warn(
          "no report could be made ({}); all else is saved, make it again with: {}",
          e.toString(),
          ShellWords.join(
              List.of("./accrete", "run", "--resume", "--out", directory.path().toString())));
      LOG.debug("why no report could be made", e);
    }
    return summary;
  }
}
