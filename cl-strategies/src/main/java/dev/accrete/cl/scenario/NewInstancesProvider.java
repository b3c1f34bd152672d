package dev.accrete.cl.scenario;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** New instances: {@link NewInstancesSpec}. */
public final class NewInstancesProvider implements ScenarioProvider {
  private static final Pattern FORM = Pattern.compile("ni:(\\d{1,6})");

  @Override
  public String forms() {
    return "ni:N (new instances)";
  }

  @Override
  public Optional<ScenarioSpec> parse(String name) {
    Matcher matcher = FORM.matcher(name);
    return matcher.matches()
        ? Optional.of(new NewInstancesSpec(Integer.parseInt(matcher.group(1))))
        : Optional.empty();
  }
}
