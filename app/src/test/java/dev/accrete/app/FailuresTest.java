package dev.accrete.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.AccreteException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

final class FailuresTest {
  private final StringWriter err = new StringWriter();

  @Test
  void foreseenErrorsAreTheirMessageAndNothingElse() {
    int status =
        Failures.report(new AccreteException("do this"), "run", new PrintWriter(err), false);
    assertThat(status).isEqualTo(1);
    assertThat(err.toString()).isEqualTo("accrete: do this" + System.lineSeparator());
  }

  @Test
  void unforeseenErrorsAreCalledInternalAndTellHowToSeeMore() {
    int status =
        Failures.report(new IllegalStateException("oops"), "run", new PrintWriter(err), false);
    assertThat(status).isEqualTo(1);
    assertThat(err.toString()).contains("internal error", "oops", "--debug").doesNotContain("\tat");
  }

  private String said(Throwable failure, String command) {
    StringWriter text = new StringWriter();
    assertThat(Failures.report(failure, command, new PrintWriter(text), false)).isEqualTo(1);
    assertThat(text.toString().lines()).hasSize(1);
    return text.toString();
  }

  private static OutOfMemoryError at(String type) {
    OutOfMemoryError error = new OutOfMemoryError("Java heap space");
    error.setStackTrace(
        new StackTraceElement[] {
          new StackTraceElement("java.util.Arrays", "copyOf", "Arrays.java", 1),
          new StackTraceElement(type, "work", "File.java", 2)
        });
    return error;
  }

  @Test
  void outOfMemoryInTrainingTellsTheLimitAndWhatHelps() {
    OutOfMemoryError error = at("dev.accrete.nn.Learner");
    assertThat(said(error, "run"))
        .contains("Java heap space", "MiB", "ACCRETE_JAVA_OPTS", "mini-batch=N", "--resume");
    assertThat(said(error, "pretrain"))
        .contains("ACCRETE_JAVA_OPTS", "--mini-batch", "the same command")
        .doesNotContain("--resume", "--hyper");
    assertThat(said(error, "info")).doesNotContain("--resume");
    Failures.report(error, "run", new PrintWriter(err), true);
    assertThat(err.toString()).contains("\tat");
  }

  @Test
  void outOfMemoryInDecodingAdvisesNoSmallerMiniBatch() {
    for (String type : new String[] {"dev.accrete.cl.data.PackWriter", "javax.imageio.ImageIO"}) {
      assertThat(said(at(type), "run"))
          .contains("reading images", "-Xmx", "largest images")
          .doesNotContain("mini-batch");
    }
  }

  @Test
  void aLimitOfThreadsAdvisesNoHeap() {
    OutOfMemoryError error =
        new OutOfMemoryError(
            "unable to create native thread: possibly out of memory or process"
                + " or resource limits reached");
    assertThat(said(error, "run")).contains("--threads", "ulimit -u").doesNotContain("-Xmx");
  }

  @Test
  void whatAnotherThreadThrewIsUnwrapped() {
    assertThat(said(new CompletionException(new AccreteException("do that")), "run"))
        .startsWith("accrete: do that");
    assertThat(said(new ExecutionException(at("dev.accrete.nn.Learner")), "run"))
        .contains("out of memory");
  }

  @Test
  void aRefusedArgumentOfACommandIsAWrongCommandLine() {
    CommandSpec spec = CommandSpec.create();
    new CommandLine(spec);
    assertThat(Failures.<String>settings(spec, () -> "fine")).isEqualTo("fine");
    assertThatThrownBy(
            () ->
                Failures.<String>settings(
                    spec,
                    () -> {
                      throw new IllegalArgumentException("--x is 3");
                    }))
        .isInstanceOf(ParameterException.class)
        .hasMessage("--x is 3");
  }
}
