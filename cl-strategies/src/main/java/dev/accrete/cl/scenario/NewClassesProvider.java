package dev.accrete.cl.scenario;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** New classes: {@link NewClassesSpec}. */
public final class NewClassesProvider implements ScenarioProvider {
  private static final Pattern FORM = Pattern.compile("nc:(\\d{1,6}):(\\d{1,6})");

  @Override
  public String forms() {
    return "nc:FIRST:STEP (new classes)";
  }

  @Override
  public Optional<ScenarioSpec> parse(String name) {
    Matcher matcher = FORM.matcher(name);
    return matcher.matches()
        ? Optional.of(
            new NewClassesSpec(
                Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }
}
