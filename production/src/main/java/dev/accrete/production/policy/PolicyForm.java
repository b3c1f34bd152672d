package dev.accrete.production.policy;

import dev.accrete.cl.settings.Schema;
import dev.accrete.core.AccreteException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The sections of a policy file, their keys, and the lists of rules in them. */
final class PolicyForm {
  private PolicyForm() {}

  /**
   * A section: a record of settings.
   *
   * @param text what it is about
   */
  record Section<S extends Record>(
      String name, String text, Schema<S> schema, Function<Policy, S> of) {
    private static <S extends Record> Section<S> of(
        String name, String text, Class<S> type, Function<Policy, S> of) {
      return new Section<>(name, text, Schema.of(type), of);
    }

    Map<String, String> values(Policy policy) {
      return schema.toMap(of.apply(policy));
    }

    private void check(Record settings) {
      check(schema, settings, name + ".");
    }

    private static <T extends Record> void check(Schema<T> schema, Record settings, String prefix) {
      try {
        @SuppressWarnings("unchecked") // the schema was made of the class of these settings
        T typed = (T) settings;
        schema.check(typed);
      } catch (AccreteException e) {
        String message = String.valueOf(e.getMessage());
        throw new AccreteException(prefix + message.replaceFirst("^setting ", ""), e);
      }
    }
  }

  /**
   * A list of records in section {@code gate}.
   *
   * @param required the keys that each of them must have
   */
  record Rules<R extends Record>(
      String name,
      String text,
      Schema<R> schema,
      R unset,
      List<String> required,
      Function<Policy, List<R>> of) {
    /** The section that holds all of them. */
    static final String SECTION = "gate";
  }

  static final Section<IngestPolicy> INGEST =
      Section.of(
          "ingest", "What a day of images must be to come in.", IngestPolicy.class, Policy::ingest);
  static final Section<GatePolicy> GATE =
      Section.of(
          Rules.SECTION,
          "What a candidate must be to become champion.",
          GatePolicy.class,
          Policy::gate);
  static final Section<RetentionPolicy> RETENTION =
      Section.of(
          "retention",
          "What is kept of old versions. Champion, candidate and previous always are.",
          RetentionPolicy.class,
          Policy::retention);
  static final Section<RetrainPolicy> RETRAIN =
      Section.of(
          "retrain",
          "Re-training on everything that is kept, judged like any candidate.",
          RetrainPolicy.class,
          Policy::retrain);
  static final Section<ServePolicy> SERVE =
      Section.of(
          "serve", "What the server allows, and how it answers.", ServePolicy.class, Policy::serve);
  static final Section<NotifyPolicy> NOTIFY =
      Section.of("notify", "Who is told what happened.", NotifyPolicy.class, Policy::notification);
  static final Section<CostPolicy> COST =
      Section.of("cost", "What computing costs, for reports.", CostPolicy.class, Policy::cost);

  /** In the order of the file. */
  static final List<Section<?>> SECTIONS =
      List.of(INGEST, GATE, RETENTION, RETRAIN, SERVE, NOTIFY, COST);

  static final Rules<ValueRule> VALUES =
      new Rules<>(
          "values",
          "Bounds of metrics, whatever the champion's are. A slice that matches nothing is an"
              + " error; a rule for class=cat takes the place of one for class=*.",
          Schema.of(ValueRule.class),
          ValueRule.UNSET,
          List.of("metric", "limit"),
          Policy::values);
  static final Rules<ChangeRule> CHANGES =
      new Rules<>(
          "changes",
          "How much worse than the champion a candidate may be. Without a champion they are"
              + " ignored, and classes that the champion does not know are left out.",
          Schema.of(ChangeRule.class),
          ChangeRule.UNSET,
          List.of("metric", "max-loss"),
          Policy::changes);
  static final Rules<RecallFloor> FLOORS =
      new Rules<>(
          "recall-floors",
          "Classes with a least recall of their own.",
          Schema.of(RecallFloor.class),
          RecallFloor.UNSET,
          List.of("class", "floor"),
          Policy::recallFloors);

  /** In the order of the file. */
  static final List<Rules<?>> RULES = List.of(VALUES, CHANGES, FLOORS);

  /** All keys, as {@code section.key}. */
  static List<String> names() {
    List<String> names = new ArrayList<>();
    for (Section<?> section : SECTIONS) {
      section.schema().names().forEach(key -> names.add(section.name() + "." + key));
      if (section.equals(GATE)) {
        RULES.forEach(rules -> names.add(section.name() + "." + rules.name()));
      }
    }
    return names;
  }

  /** Checks records made by a program; sections and rules in the order of the file. */
  static void checkRanges(List<Record> sections, List<List<? extends Record>> rules) {
    for (int i = 0; i < sections.size(); i++) {
      SECTIONS.get(i).check(sections.get(i));
    }
    for (int i = 0; i < rules.size(); i++) {
      for (int k = 0; k < rules.get(i).size(); k++) {
        Rules<?> form = RULES.get(i);
        Section.check(
            form.schema(),
            rules.get(i).get(k),
            Rules.SECTION + "." + form.name() + "[" + (k + 1) + "].");
      }
    }
  }
}
