package dev.accrete.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.production.policy.Policy;
import dev.accrete.production.policy.ServePolicy;
import dev.accrete.production.serve.ServeOptions;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** What {@code serve --help} says of defaults is what runs. */
final class ServeHelpTest {
  @Test
  void theDefaultsAreThoseOfThePolicyAndOfOneModel() {
    StringWriter out = new StringWriter();
    Main.execute(new PrintWriter(out), new PrintWriter(new StringWriter()), "serve", "--help");
    ServePolicy policy = Policy.DEFAULT.serve();
    ServeOptions model = ServeOptions.defaults();
    long mib = 1 << 20;
    assertThat(out.toString().replaceAll("\\s+", " "))
        .contains("batch-images of the policy (" + policy.batchImages() + " unless")
        .contains("; " + model.batching().most() + " with --model.")
        .contains("delay-ms of the policy (" + (int) policy.batchingDelayMs() + ")")
        .contains("; " + model.batching().delay().toMillis() + " with --model.")
        .contains("queue-images of the policy (" + policy.queueImages() + ")")
        .contains("; " + model.batching().queue() + " with --model.")
        .contains("max-request-mib of the policy (" + policy.maxRequestMib() + ") to teach")
        .contains("at most " + model.limits().body() / mib + " of them to classify")
        .contains("max-images of the policy (" + policy.maxImages() + ")")
        .contains("; " + model.limits().images() + " with --model.")
        .contains("shadow-share of the policy (" + policy.shadowShare() + ")")
        .contains("canary-share of the policy (" + (int) policy.canaryShare() + ")");
  }
}
