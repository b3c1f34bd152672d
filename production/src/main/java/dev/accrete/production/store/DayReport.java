package dev.accrete.production.store;

import dev.accrete.production.ingest.Reason;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What became of a day.
 *
 * @param day as it is now
 * @param changed whether this call changed anything; the same day again changes nothing
 * @param newClasses that this day brought
 * @param train images to be learned, by class
 * @param regression images never to be learned, by class
 * @param added images that are new in this revision of the day
 * @param replaced images of an earlier revision that this one lacks
 * @param relabelled images that had another label in an earlier revision
 * @param moved images that an earlier revision had to be learned and this one holds out, or the
 *     other way round
 * @param quarantine every image set aside
 * @param ignored files that are no images, by kind
 */
public record DayReport(
    Day day,
    boolean changed,
    List<String> newClasses,
    SortedMap<String, Integer> train,
    SortedMap<String, Integer> regression,
    int added,
    int replaced,
    int relabelled,
    int moved,
    List<Quarantined> quarantine,
    Map<String, Integer> ignored) {
  /** Keeps copies. */
  public DayReport {
    newClasses = List.copyOf(newClasses);
    train = Collections.unmodifiableSortedMap(new TreeMap<>(train));
    regression = Collections.unmodifiableSortedMap(new TreeMap<>(regression));
    quarantine = List.copyOf(quarantine);
    ignored = Map.copyOf(ignored);
  }

  /** How many images were set aside, by reason. */
  public SortedMap<Reason, Integer> reasons() {
    SortedMap<Reason, Integer> reasons = new TreeMap<>();
    quarantine.forEach(image -> reasons.merge(image.reason(), 1, Integer::sum));
    return reasons;
  }
}
