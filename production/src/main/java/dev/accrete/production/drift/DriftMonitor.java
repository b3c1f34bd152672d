package dev.accrete.production.drift;

import dev.accrete.core.Backend;
import dev.accrete.nn.Model;
import dev.accrete.production.policy.IngestPolicy;
import dev.accrete.production.store.Day;
import dev.accrete.production.store.DayCheck;
import dev.accrete.production.store.IncomingImages;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.StoredImages;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Compares a day that is about to come into a store with the days before it, and refuses it beyond
 * a limit of the policy. What is known of a bounded sample of the images before is kept in the
 * store, so that only new images are looked at; it is checked against the store every time, so that
 * images that were corrected or forgotten play no part.
 */
public final class DriftMonitor implements DayCheck {
  private final Store store;
  private final IngestPolicy policy;
  private final Backend backend;
  private final boolean accepting;

  /** By the limits of a policy. */
  public DriftMonitor(Store store, IngestPolicy policy, Backend backend) {
    this(store, policy, backend, false);
  }

  private DriftMonitor(Store store, IngestPolicy policy, Backend backend, boolean accepting) {
    this.store = store;
    this.policy = policy;
    this.backend = backend;
    this.accepting = accepting;
  }

  /** The same, for somebody who knows better: it says how a day drifted, and refuses none. */
  public DriftMonitor accepting() {
    return new DriftMonitor(store, policy, backend, true);
  }

  @Override
  public Finding check(IncomingImages today) {
    try (StoredImages before = store.images()) {
      Comparison comparison = new Comparison(today, before, earlier(today.name()));
      if (!comparison.isLargeEnough()) {
        DriftReport untested =
            new DriftReport(today.size(), comparison.reference.size(), List.of());
        return new Finding(Optional.empty(), Optional.of(untested.toJson()));
      }
      Sights sights = comparison.look();
      DriftReport report =
          new DriftDetector(policy).compare(comparison.today(sights), comparison.reference(sights));
      Optional<String> refusal = refusal(report);
      return new Finding(
          refusal,
          Optional.of(report.toJson()),
          refusal.isPresent()
              ? Optional.empty()
              : Optional.of(sights.bytes(policy.referenceImages(), comparison::isIn)));
    }
  }

  private Optional<String> refusal(DriftReport report) {
    return accepting || report.level() != Shift.Level.REFUSE
        ? Optional.empty()
        : Optional.of(
            String.join("; ", report.reasons())
                + "; if that is as it should be, accrete ingest --accept-drift takes the day in");
  }

  /** Days that came in before one that is corrected; all for a day that is new. */
  private Set<String> earlier(String name) {
    Set<String> names = new HashSet<>();
    for (Day day : store.days()) {
      if (day.name().equals(name)) {
        if (day.train() + day.regression() > 0) {
          return names;
        }
      } else {
        names.add(day.name());
      }
    }
    return names;
  }

  /** The images of both sides, by digest. */
  private final class Comparison {
    private final IncomingImages incoming;
    private final StoredImages stored;
    private final Map<String, Integer> today = new HashMap<>();
    private final Map<String, Integer> others = new HashMap<>();
    private final Set<String> reference = new HashSet<>();
    private final SortedMap<String, Integer> now = new TreeMap<>();
    private final SortedMap<String, Integer> then = new TreeMap<>();

    Comparison(IncomingImages incoming, StoredImages stored, Set<String> earlier) {
      this.incoming = incoming;
      this.stored = stored;
      for (int i = 0; i < incoming.size(); i++) {
        today.put(incoming.sha256(i), i);
        now.merge(incoming.item(i).label(), 1, Integer::sum);
      }
      for (int i = 0; i < stored.size(); i++) {
        String day = stored.image(i).day();
        if (!day.equals(incoming.name())) {
          others.put(stored.image(i).sha256(), i);
        }
        if (earlier.contains(day)) {
          reference.add(stored.image(i).sha256());
          then.merge(stored.image(i).label(), 1, Integer::sum);
        }
      }
    }

    boolean isLargeEnough() {
      return Math.min(today.size(), reference.size()) >= policy.driftMinImages();
    }

    /** Whether an image is in the store once the day is. */
    boolean isIn(String image) {
      return today.containsKey(image) || others.containsKey(image);
    }

    private List<String> some(Set<String> images) {
      return Reservoir.choose(images, policy.referenceImages());
    }

    Sights look() {
      OptionalInt champion = store.aliases().champion();
      Optional<Model> model =
          champion.isPresent() ? Optional.of(store.model(champion.getAsInt())) : Optional.empty();
      Sights sights = new Sights(model, backend, store.checkMemory());
      sights.look(incoming, today, some(today.keySet()), i -> Original.of(incoming.item(i)));
      sights.look(
          stored, others, some(reference), i -> Original.of(store, stored.image(i).sha256()));
      return sights;
    }

    DaySample today(Sights sights) {
      return sights.sample(now, some(today.keySet()));
    }

    DaySample reference(Sights sights) {
      return sights.sample(then, some(reference));
    }
  }
}
