package dev.accrete.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.core.AccreteException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

final class FailuresTest {
  private final StringWriter err = new StringWriter();

  @Test
  void foreseenErrorsAreTheirMessageAndNothingElse() {
    int status = Failures.report(new AccreteException("do this"), new PrintWriter(err), false);
    assertThat(status).isEqualTo(1);
    assertThat(err.toString()).isEqualTo("accrete: do this" + System.lineSeparator());
  }

  @Test
  void unforeseenErrorsAreCalledInternalAndTellHowToSeeMore() {
    int status = Failures.report(new IllegalStateException("oops"), new PrintWriter(err), false);
    assertThat(status).isEqualTo(1);
    assertThat(err.toString()).contains("internal error", "oops", "--debug").doesNotContain("\tat");
  }

  @Test
  void outOfMemoryTellsTheLimitAndWhatHelps() {
    OutOfMemoryError error = new OutOfMemoryError("Java heap space");
    int status = Failures.outOfMemory(error, new PrintWriter(err), true);
    assertThat(status).isEqualTo(1);
    assertThat(err.toString())
        .contains("Java heap space", "MiB", "ACCRETE_JAVA_OPTS", "--resume", "\tat");
  }
}
