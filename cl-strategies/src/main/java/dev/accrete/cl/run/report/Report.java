package dev.accrete.cl.run.report;
import dev.accrete.cl.run.*;
import java.util.List;
public final class Report {
  public static String html(RunConfig config, RunInputs inputs, List<Ledger> ledgers, Summary summary) { return ""; }
}
