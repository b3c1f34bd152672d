package dev.accrete.cl.scenario;

import dev.accrete.cl.data.ImageSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Scenario names. */
public final class Scenarios {
  /** The accepted forms, for help texts. */
  public static final String FORMS =
      "nicv2-N (N batches; over CORe50 79, 196 or 391), nicv2:FILE (a schedule of your own),"
          + " nc:FIRST:STEP (new classes), ni:N (new instances)";

  private static final String NUMBER = "(\\d{1,6})";
  private static final Pattern NICV2 = Pattern.compile("nicv2-" + NUMBER);
  private static final Pattern NICV2_FILE = Pattern.compile("nicv2:(.+)");
  private static final Pattern NEW_CLASSES = Pattern.compile("nc:" + NUMBER + ":" + NUMBER);
  private static final Pattern NEW_INSTANCES = Pattern.compile("ni:" + NUMBER);

  private Scenarios() {}

  /**
   * Reads a scenario name, one of {@link #FORMS}.
   *
   * @throws IllegalArgumentException if it is none of them or a number is too small
   */
  public static ScenarioSpec parse(String name) {
    Matcher matcher = NICV2.matcher(name);
    if (matcher.matches()) {
      return new Nicv2Spec(number(matcher, 1));
    }
    matcher = NICV2_FILE.matcher(name);
    if (matcher.matches()) {
      return new Nicv2FileSpec(Path.of(matcher.group(1)));
    }
    matcher = NEW_CLASSES.matcher(name);
    if (matcher.matches()) {
      return new NewClassesSpec(number(matcher, 1), number(matcher, 2));
    }
    matcher = NEW_INSTANCES.matcher(name);
    if (matcher.matches()) {
      return new NewInstancesSpec(number(matcher, 1));
    }
    throw new IllegalArgumentException("unknown scenario '" + name + "': use " + FORMS);
  }

  private static int number(Matcher matcher, int group) {
    return Integer.parseInt(matcher.group(group));
  }

  /** One experience for each list of images, in order. */
  static List<Experience> experiences(List<int[]> batches, IntUnaryOperator label) {
    List<Experience> experiences = new ArrayList<>();
    for (int[] images : batches) {
      experiences.add(Experience.of(experiences.size(), images, label));
    }
    return experiences;
  }

  /** The images of each class of {@code set}, in the order of the set; some may be empty. */
  static List<int[]> imagesByClass(ImageSet set) {
    int[] counts = new int[set.classNames().size()];
    for (int i = 0; i < set.size(); i++) {
      counts[set.label(i)]++;
    }
    List<int[]> byClass = Arrays.stream(counts).mapToObj(int[]::new).toList();
    for (int i = set.size() - 1; i >= 0; i--) {
      int label = set.label(i);
      byClass.get(label)[--counts[label]] = i;
    }
    return byClass;
  }
}
