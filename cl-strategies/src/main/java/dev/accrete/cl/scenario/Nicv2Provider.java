package dev.accrete.cl.scenario;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** NICv2: {@link Nicv2Spec} and {@link Nicv2FileSpec}. */
public final class Nicv2Provider implements ScenarioProvider {
  private static final Pattern NUMBER = Pattern.compile("nicv2-(\\d{1,6})");
  private static final Pattern FILE = Pattern.compile("nicv2:(.+)");

  @Override
  public String forms() {
    return "nicv2-N (N batches; over CORe50 79, 196 or 391), nicv2:FILE (a schedule of your own)";
  }

  @Override
  public Optional<ScenarioSpec> parse(String name) {
    Matcher number = NUMBER.matcher(name);
    if (number.matches()) {
      return Optional.of(new Nicv2Spec(Integer.parseInt(number.group(1))));
    }
    Matcher file = FILE.matcher(name);
    return file.matches()
        ? Optional.of(new Nicv2FileSpec(Path.of(file.group(1))))
        : Optional.empty();
  }
}
