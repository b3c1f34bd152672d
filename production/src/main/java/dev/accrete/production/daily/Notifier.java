package dev.accrete.production.daily;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.accrete.production.policy.NotifyPolicy;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Tells somebody what became of a day: one JSON object, posted to a URL, given to a program as its
 * input, or both. That nobody could be told never undoes the day.
 */
public final class Notifier {
  private static final ObjectMapper JSON = new ObjectMapper().registerModule(new Jdk8Module());
  private static final int FIRST_FAILURE = 300;

  private final NotifyPolicy policy;

  /** A notifier by a policy. */
  public Notifier(NotifyPolicy policy) {
    this.policy = policy;
  }

  /**
   * Tells it if it is news and the policy wants it told.
   *
   * @return what went wrong, a line for each; empty if nothing did
   */
  public List<String> tell(DayOutcome outcome) {
    boolean wanted = policy.when() == NotifyPolicy.When.ALWAYS || outcome.kind().isProblem();
    if (outcome.over() || !wanted) {
      return List.of();
    }
    byte[] body = body(outcome);
    List<String> problems = new ArrayList<>();
    policy.webhookUri().ifPresent(uri -> post(uri, body, problems));
    policy.commandLine().ifPresent(command -> run(command, body, problems));
    return List.copyOf(problems);
  }

  private static byte[] body(DayOutcome outcome) {
    try {
      return JSON.writeValueAsBytes(outcome);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an outcome that JSON cannot hold: " + outcome, e);
    }
  }

  private Duration limit() {
    return Duration.ofSeconds(policy.timeOutSeconds());
  }

  private void post(URI uri, byte[] body, List<String> problems) {
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(limit()).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(uri)
              .timeout(limit())
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofByteArray(body))
              .build();
      HttpResponse<Void> response = client.send(request, HttpResponse.BodyHandlers.discarding());
      if (response.statusCode() >= FIRST_FAILURE) {
        problems.add(
            "notify.webhook " + uri + " answered " + response.statusCode() + ", nobody was told");
      }
    } catch (IOException e) {
      problems.add("notify.webhook " + uri + " could not be reached: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      problems.add("notify.webhook " + uri + ": interrupted");
    }
  }

  private void run(String command, byte[] body, List<String> problems) {
    try {
      Process process =
          new ProcessBuilder("/bin/sh", "-c", command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      give(process, body);
      if (!process.waitFor(policy.timeOutSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        problems.add(
            "notify.command '" + command + "' took more than " + policy.timeOutSeconds() + " s");
      } else if (process.exitValue() != 0) {
        problems.add("notify.command '" + command + "' ended with " + process.exitValue());
      }
    } catch (IOException e) {
      problems.add("notify.command '" + command + "' could not be run: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      problems.add("notify.command '" + command + "': interrupted");
    }
  }

  /** A command may leave what it is told unread; its exit status alone says whether it worked. */
  private static void give(Process process, byte[] body) {
    try (OutputStream input = process.getOutputStream()) {
      input.write(body);
    } catch (IOException _) {
      // It closed its input, or ended.
    }
  }

  /** The object that is told, as text. */
  public static String json(DayOutcome outcome) {
    return new String(body(outcome), StandardCharsets.UTF_8);
  }
}
