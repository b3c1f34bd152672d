package dev.accrete.production.gate;

import dev.accrete.core.AccreteException;
import dev.accrete.production.gate.Finding.Kind;
import dev.accrete.production.gate.Finding.Status;
import dev.accrete.production.policy.ChangeRule;
import dev.accrete.production.policy.Direction;
import dev.accrete.production.policy.GatePolicy;
import dev.accrete.production.policy.Metric;
import dev.accrete.production.policy.Policy;
import dev.accrete.production.policy.RecallFloor;
import dev.accrete.production.policy.Rule;
import dev.accrete.production.policy.Selector;
import dev.accrete.production.policy.ValueRule;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;

/** The judging of one trial. */
final class Judgement {
  /** A tenth is no more than a tenth, however it was rounded. */
  private static final double ROUNDING = 1e-9;

  private final Trial trial;
  private final Policy policy;
  private final GatePolicy gate;
  private final Slices slices;
  private final Measured measured;
  private final List<Finding> findings = new ArrayList<>();

  Judgement(Trial trial, Policy policy) {
    this.trial = trial;
    this.policy = policy;
    gate = policy.gate();
    slices = new Slices(trial);
    measured = new Measured(trial, policy);
  }

  Verdict verdict() {
    requireMatches();
    classes();
    policy.values().forEach(this::value);
    recallFloors();
    policy.changes().forEach(this::change);
    flips();
    requireEvidence();
    Tables tables = new Tables(slices, measured, policy);
    List<Finding> sorted = Verdict.sorted(findings);
    return new Verdict(
        Verdict.FORMAT,
        Verdict.outcome(sorted),
        trial.candidate(),
        trial.champion(),
        Hash.sha256(policy.toYaml()),
        images(),
        Flips.of(trial),
        sorted,
        tables.scores(),
        tables.unlisted());
  }

  private Verdict.Images images() {
    int fresh = (int) trial.images().stream().filter(i -> i.part() == Scored.Part.NEW).count();
    return new Verdict.Images(
        trial.images().size() - fresh, fresh, slices.all().comparable(measured.columns()).size());
  }

  /** A slice that was misspelt would never be judged, and nobody would know. */
  private void requireMatches() {
    if (trial.images().isEmpty()) {
      return; // said by requireEvidence
    }
    Set<String> problems = new LinkedHashSet<>();
    for (Rule rule : policy.values()) {
      mismatch("gate.values", rule.selector()).ifPresent(problems::add);
    }
    for (Rule rule : policy.changes()) {
      mismatch("gate.changes", rule.selector()).ifPresent(problems::add);
    }
    for (RecallFloor floor : policy.recallFloors()) {
      mismatch("gate.recall-floors", new Selector(Map.of(Scored.CLASS, floor.className())))
          .ifPresent(problems::add);
    }
    if (!problems.isEmpty()) {
      throw new AccreteException(
          "the policy judges what is not there: "
              + String.join("; ", problems)
              + ". Correct the policy, or ingest images of these");
    }
  }

  private Optional<String> mismatch(String key, Selector selector) {
    return slices.mismatch(selector).map(why -> key + ", slice " + selector + ": " + why);
  }

  private void classes() {
    Set<String> fresh = new TreeSet<>(trial.candidate().classes());
    Set<String> lost = new TreeSet<>();
    trial
        .champion()
        .ifPresent(
            champion -> {
              fresh.removeAll(champion.classes());
              lost.addAll(champion.classes());
              lost.removeAll(trial.candidate().classes());
              lost.removeAll(trial.erased());
            });
    if (trial.champion().isEmpty()) {
      return;
    }
    if (lost.isEmpty()) {
      String known = "the candidate knows every class of the champion";
      findings.add(
          Finding.of(
              Kind.CLASSES,
              Status.PASSED,
              fresh.isEmpty()
                  ? known
                  : known + ", and these new ones, judged by value alone: " + join(fresh)));
    } else {
      findings.add(
          Finding.of(
              Kind.CLASSES,
              Status.FAILED,
              "the candidate does not know "
                  + lost.size()
                  + " of the champion's "
                  + trial.champion().orElseThrow().classes().size()
                  + " classes, and they were not erased: "
                  + join(lost)));
    }
  }

  private static String join(Set<String> names) {
    int most = 20;
    return String.join(", ", names.stream().limit(most).toList())
        + (names.size() > most ? " and " + (names.size() - most) + " more" : "");
  }

  private void value(ValueRule rule) {
    if (rule.metric().comparesTwo() && trial.champion().isEmpty()) {
      findings.add(noChampion(Kind.VALUE, rule));
      return;
    }
    for (Slice slice : judgedBy(rule, policy.values())) {
      Slice used = rule.metric().comparesTwo() ? slice.comparable(measured.columns()) : slice;
      boolean higher = rule.better() == Direction.HIGHER;
      bound(Kind.VALUE, rule.metric(), used, higher, rule.limit());
    }
  }

  private void recallFloors() {
    for (Slice slice : slices.of(Selector.parse("class=*"))) {
      String name = slice.values().get(Scored.CLASS);
      if (name != null && slice.size() > 0) {
        bound(Kind.RECALL, Metric.RECALL, slice, true, policy.recallFloor(name));
      }
    }
  }

  private void flips() {
    if (trial.champion().isPresent()) {
      bound(
          Kind.FLIPS,
          Metric.NEGATIVE_FLIP_RATE,
          slices.all().comparable(measured.columns()),
          false,
          gate.maxNegativeFlipRate());
    }
  }

  private void bound(Kind kind, Metric metric, Slice slice, boolean higher, double limit) {
    if (slice.size() < gate.minImages()) {
      findings.add(tooFew(kind, metric, slice));
      return;
    }
    double value = measured.value(metric, slice);
    boolean good = higher ? value >= limit - ROUNDING : value <= limit + ROUNDING;
    findings.add(
        new Finding(
            kind,
            good ? Status.PASSED : Status.FAILED,
            metric.spelled(),
            slice.name(),
            slice.size(),
            OptionalDouble.of(value),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.of(limit),
            Optional.empty(),
            Phrases.bound(metric, slice, value, higher, limit)));
  }

  private void change(ChangeRule rule) {
    if (trial.champion().isEmpty()) {
      findings.add(noChampion(Kind.CHANGE, rule));
      return;
    }
    for (Slice slice : judgedBy(rule, policy.changes())) {
      change(rule, slice, slice.comparable(measured.columns()));
    }
  }

  private void change(ChangeRule rule, Slice slice, Slice used) {
    if (used.size() == 0 && slice.size() > 0) {
      findings.add(
          on(
              slice,
              Kind.CHANGE,
              Status.IGNORED,
              rule.metric(),
              "change of "
                  + Phrases.of(rule.metric(), slice)
                  + ": the champion does not know these classes, so they are judged by value"
                  + " alone"));
      return;
    }
    if (used.size() < gate.minImages()) {
      findings.add(tooFew(Kind.CHANGE, rule.metric(), used));
      return;
    }
    double before = measured.before(rule.metric(), used);
    double after = measured.value(rule.metric(), used);
    Loss loss = Loss.of(rule);
    Interval interval = loss.interval(measured.bootstrap(used), rule.metric(), gate.confidence());
    double decisive =
        switch (rule.decision(gate)) {
          case POINT -> loss.of(before, after);
          case LOSS_PROVEN -> interval.low();
          case SAFETY_PROVEN -> interval.high();
        };
    boolean good = decisive <= rule.maxLoss() + ROUNDING;
    findings.add(
        new Finding(
            Kind.CHANGE,
            good ? Status.PASSED : Status.FAILED,
            rule.metric().spelled(),
            used.name(),
            used.size(),
            OptionalDouble.of(after),
            OptionalDouble.of(before),
            OptionalDouble.of(loss.of(before, after)),
            OptionalDouble.of(rule.maxLoss()),
            Optional.of(interval),
            Phrases.change(rule, gate, used, before, after, loss.of(before, after), interval)));
  }

  /** The slices of a rule, but for those that a rule which says more of them has taken. */
  private List<Slice> judgedBy(Rule rule, List<? extends Rule> rules) {
    Selector selector = rule.selector();
    return slices.of(selector).stream()
        .filter(
            slice ->
                rules.stream()
                    .noneMatch(
                        other ->
                            other.metric() == rule.metric()
                                && other.better() == rule.better()
                                && other.selector().wildcards() < selector.wildcards()
                                && other.selector().covers(slice.values())))
        .toList();
  }

  private static Finding noChampion(Kind kind, Rule rule) {
    return new Finding(
        kind,
        Status.IGNORED,
        rule.metric().spelled(),
        rule.slice(),
        0,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Optional.empty(),
        (kind == Kind.CHANGE ? "change of " : "")
            + rule.metric().spelled()
            + " of "
            + rule.slice()
            + ": there is no champion to compare with");
  }

  private Finding tooFew(Kind kind, Metric metric, Slice slice) {
    boolean blocks = gate.tooFew() == GatePolicy.TooFew.BLOCK;
    return on(
        slice,
        kind,
        blocks ? Status.FAILED : Status.NOT_JUDGED,
        metric,
        (kind == Kind.CHANGE ? "change of " : "")
            + Phrases.of(metric, slice)
            + ": "
            + Phrases.images(slice.size())
            + ", must be at least "
            + gate.minImages()
            + " to be judged"
            + (blocks ? " (gate.too-few is block)" : ""));
  }

  private static Finding on(Slice slice, Kind kind, Status status, Metric metric, String text) {
    return new Finding(
        kind,
        status,
        metric.spelled(),
        slice.name(),
        slice.size(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        Optional.empty(),
        text);
  }

  private void requireEvidence() {
    Set<Kind> ofImages = Set.of(Kind.VALUE, Kind.RECALL, Kind.CHANGE, Kind.FLIPS);
    boolean judged =
        findings.stream()
            .filter(finding -> ofImages.contains(finding.kind()))
            .anyMatch(finding -> finding.candidate().isPresent());
    if (!judged) {
      findings.add(
          Finding.of(
              Kind.IMAGES,
              Status.FAILED,
              "nothing could be judged: the regression set and the held-out images are "
                  + Phrases.images(trial.images().size())
                  + ". Ingest more, or change ingest.regression-share or gate.min-images"));
    }
  }
}
