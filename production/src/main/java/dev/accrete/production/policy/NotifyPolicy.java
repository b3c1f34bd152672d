package dev.accrete.production.policy;

import dev.accrete.cl.settings.Setting;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Who is told what happened. */
public record NotifyPolicy(
    @Setting("Where a JSON object is posted to: a URL of http or https, or none") String webhook,
    @Setting(
            "What is run with that object as its input: a program with its arguments in one text,"
                + " as in a shell, such as \"mail -s 'a day was blocked' me@example.org\", or none")
        String command,
    @Setting("always: after every day; problems: what failed, was refused or blocked, and alarms")
        When when,
    @Setting(value = "Seconds after which either is given up", min = 1, max = 600)
        int timeOutSeconds) {
  /** Which news are told. */
  public enum When {
    /** All. */
    ALWAYS,
    /** What failed, was refused or blocked, and alarms. */
    PROBLEMS
  }

  static final NotifyPolicy DEFAULT = new NotifyPolicy(Policy.NONE, Policy.NONE, When.PROBLEMS, 10);

  /** Where to post, if anywhere. */
  public Optional<URI> webhookUri() {
    return Policy.unlessNone(webhook).map(URI::create);
  }

  /** What to run, if anything. */
  public Optional<String> commandLine() {
    return Policy.unlessNone(command);
  }

  List<String> problems() {
    return Policy.unlessNone(webhook).isPresent() && !isHttp(webhook)
        ? List.of("notify.webhook is '" + webhook + "', must be a URL of http or https, or none")
        : List.of();
  }

  private static boolean isHttp(String text) {
    try {
      URI uri = new URI(text);
      String scheme = Optional.ofNullable(uri.getScheme()).orElse("").toLowerCase(Locale.ROOT);
      return uri.getHost() != null && List.of("http", "https").contains(scheme);
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
