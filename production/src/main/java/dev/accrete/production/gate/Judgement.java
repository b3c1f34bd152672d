package dev.accrete.production.gate;

import dev.accrete.core.AccreteException;
import dev.accrete.production.gate.Finding.Kind;
import dev.accrete.production.gate.Finding.Status;
import dev.accrete.production.policy.ChangeRule;
import dev.accrete.production.policy.Decision;
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

  /** Of more classes that no image is there for one finding speaks. */
  private static final int MOST_UNTESTED = 10;

  private final Trial trial;
  private final Policy policy;
  private final GatePolicy gate;
  private final Slices slices;
  private final Measured measured;
  private final List<Finding> findings = new ArrayList<>();

  /** Why there is nothing to compare with; empty if there is. */
  private final String alone;

  Judgement(Trial trial, Policy policy) {
    this.trial = trial;
    this.policy = policy;
    gate = policy.gate();
    slices = new Slices(trial);
    measured = new Measured(trial, policy);
    alone =
        trial
            .champion()
            .map(
                champion ->
                    champion.classes().size() > 1
                        ? ""
                        : "the champion knows one class alone and is never wrong about it")
            .orElse("there is no champion to compare with");
  }

  Verdict verdict() {
    requireMatches();
    classes();
    policy.values().forEach(this::value);
    recallFloors();
    policy.changes().forEach(this::change);
    flips();
    untested();
    evidence();
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
      return; // said by evidence
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
    if (rule.metric().comparesTwo() && !alone.isEmpty()) {
      findings.add(alone(Kind.VALUE, rule.metric(), rule.slice()));
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
    if (alone.isEmpty()) {
      bound(
          Kind.FLIPS,
          Metric.NEGATIVE_FLIP_RATE,
          slices.all().comparable(measured.columns()),
          false,
          gate.maxNegativeFlipRate());
    } else if (trial.champion().isPresent()) {
      findings.add(alone(Kind.FLIPS, Metric.NEGATIVE_FLIP_RATE, Selector.ALL));
    }
  }

  /**
   * Classes that the candidate knows and no image is there for: nobody has seen whether it does.
   */
  private void untested() {
    Set<String> names = new TreeSet<>(trial.candidate().classes());
    trial.images().forEach(image -> names.remove(image.truth()));
    if (trial.images().isEmpty() || names.isEmpty()) {
      return; // said by evidence
    }
    Status status = lacking();
    if (names.size() > MOST_UNTESTED) {
      String text =
          "recall of "
              + names.size()
              + " classes: no image was held out"
              + blocking(status)
              + ": "
              + join(names);
      findings.add(Finding.of(Kind.RECALL, status, Metric.RECALL, "class=*", 0, text));
      return;
    }
    for (String name : names) {
      String slice = Selector.name(Map.of(Scored.CLASS, name));
      String text = "recall of " + name + ": no image was held out" + blocking(status);
      findings.add(Finding.of(Kind.RECALL, status, Metric.RECALL, slice, 0, text));
    }
  }

  private void bound(Kind kind, Metric metric, Slice slice, boolean higher, double limit) {
    boolean few = slice.size() < gate.minImages();
    if (few && !(slice.all() && slice.size() > 0 && metric.isShare())) {
      findings.add(tooFew(kind, metric, slice));
      return;
    }
    double value = measured.value(metric, slice);
    boolean good = higher ? value >= limit - ROUNDING : value <= limit + ROUNDING;
    boolean chance = !good && few && byChance(value, slice.size(), higher, limit);
    findings.add(
        new Finding(
            kind,
            good ? Status.PASSED : chance ? Status.WARNED : Status.FAILED,
            metric.spelled(),
            slice.name(),
            slice.size(),
            OptionalDouble.of(value),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.of(limit),
            Optional.empty(),
            Phrases.bound(metric, slice, value, higher, limit)
                + (chance ? Phrases.unproven(slice.size()) : "")));
  }

  /** Whether a share at its limit is as bad in a few images as often as an interval leaves open. */
  private boolean byChance(double share, int images, boolean higher, double limit) {
    int counted = (int) Math.round(share * images);
    double chance =
        higher
            ? Binomial.atMost(counted, images, limit)
            : Binomial.atMost(images - counted, images, 1 - limit);
    return chance >= (1 - gate.confidence()) / 2;
  }

  private void change(ChangeRule rule) {
    if (!alone.isEmpty()) {
      findings.add(alone(Kind.CHANGE, rule.metric(), rule.slice()));
      return;
    }
    for (Slice slice : judgedBy(rule, policy.changes())) {
      change(rule, slice, slice.comparable(measured.columns()));
    }
  }

  private void change(ChangeRule rule, Slice slice, Slice used) {
    if (used.size() == 0 && slice.size() > 0) {
      findings.add(
          Finding.of(
              Kind.CHANGE,
              Status.IGNORED,
              rule.metric(),
              slice.name(),
              slice.size(),
              "change of "
                  + Phrases.of(rule.metric(), slice)
                  + ": the champion does not know these classes, so they are judged by value"
                  + " alone"));
      return;
    }
    Decision decision = rule.decision(gate);
    boolean few = used.size() < gate.minImages();
    if (few && !(used.all() && used.size() > 0 && decision != Decision.SAFETY_PROVEN)) {
      findings.add(tooFew(Kind.CHANGE, rule.metric(), used));
      return;
    }
    double before = measured.before(rule.metric(), used);
    double after = measured.value(rule.metric(), used);
    Loss loss = Loss.of(rule);
    double lost = loss.of(before, after);
    double most = rule.maxLoss() + ROUNDING;
    // Of a few images the samples are too much alike: what they agree on is no proof.
    Optional<Interval> interval =
        few
            ? Optional.empty()
            : Optional.of(
                loss.interval(measured.bootstrap(used), rule.metric(), gate.confidence()));
    boolean good =
        switch (decision) {
          case POINT -> lost <= most;
          case LOSS_PROVEN -> interval.isEmpty() || interval.get().low() <= most;
          case SAFETY_PROVEN -> interval.isPresent() && interval.get().high() <= most;
        };
    boolean chance = good && lost > most;
    findings.add(
        new Finding(
            Kind.CHANGE,
            chance ? Status.WARNED : good ? Status.PASSED : Status.FAILED,
            rule.metric().spelled(),
            used.name(),
            used.size(),
            OptionalDouble.of(after),
            OptionalDouble.of(before),
            OptionalDouble.of(lost),
            OptionalDouble.of(rule.maxLoss()),
            interval,
            Phrases.change(rule, gate, used, before, after, lost, interval)
                + (chance ? Phrases.unproven(used.size()) : "")));
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

  private Finding alone(Kind kind, Metric metric, String slice) {
    return Finding.of(
        kind,
        Status.IGNORED,
        metric,
        slice,
        0,
        (kind == Kind.CHANGE ? "change of " : "")
            + metric.spelled()
            + " of "
            + slice
            + ": "
            + alone);
  }

  /**
   * What it means that images are lacking; of a first version without any, nothing can be asked.
   */
  private Status lacking() {
    boolean blocks =
        gate.tooFew() == GatePolicy.TooFew.BLOCK
            && (trial.champion().isPresent() || !trial.images().isEmpty());
    return blocks ? Status.FAILED : Status.NOT_JUDGED;
  }

  private Finding tooFew(Kind kind, Metric metric, Slice slice) {
    Status status = lacking();
    return Finding.of(
        kind,
        status,
        metric,
        slice.name(),
        slice.size(),
        (kind == Kind.CHANGE ? "change of " : "")
            + Phrases.of(metric, slice)
            + ": "
            + Phrases.images(slice.size())
            + ", must be at least "
            + gate.minImages()
            + " to be judged"
            + blocking(status));
  }

  private static String blocking(Status status) {
    return status == Status.FAILED ? " (gate.too-few is block)" : "";
  }

  /** Says how few images there are, if they are few. */
  private void evidence() {
    int images = trial.images().size();
    if (images == 0) {
      findings.add(
          Finding.of(
              Kind.IMAGES,
              lacking(),
              (trial.champion().isEmpty()
                      ? "nothing could be judged, and this is the first version: "
                      : "nothing could be judged: ")
                  + "no image was held out"
                  + blocking(lacking())
                  + ". Ingest more, or raise ingest.regression-share"));
    } else if (images < gate.minImages()) {
      findings.add(
          Finding.of(
              Kind.IMAGES,
              Status.NOT_JUDGED,
              "no more than "
                  + Phrases.images(images)
                  + " held out, fewer than gate.min-images ("
                  + gate.minImages()
                  + "): only gross failures can be seen"));
    }
  }
}
