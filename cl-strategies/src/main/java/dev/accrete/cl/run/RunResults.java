package dev.accrete.cl.run;

import dev.accrete.cl.run.report.Report;
import dev.accrete.nn.io.AtomicFiles;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes what a finished run leaves for people and programs. */
public final class RunResults {
  private RunResults() {}

  /**
   * Writes {@code summary.json} and {@code report.html}.
   *
   * @throws dev.accrete.core.AccreteException if they cannot be written
   */
  public static Summary write(
      RunConfig config, RunDirectory directory, RunInputs inputs, List<Ledger> ledgers) {
    Summary summary = Summaries.of(config, inputs, ledgers);
    AtomicFiles.write(directory.summary(), List.of(Json.bytes(summary)));
    String page = Report.html(config, inputs, ledgers, summary);
    AtomicFiles.write(directory.report(), List.of(page.getBytes(StandardCharsets.UTF_8)));
    return summary;
  }
}
