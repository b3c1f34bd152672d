package dev.accrete.production.gate;

import dev.accrete.production.policy.Selector;
import java.util.Arrays;
import java.util.Map;

/**
 * Some of a trial's images.
 *
 * @param name as a policy spells it
 * @param values what they have in common, by feature; nothing for all images
 * @param members their positions, ascending
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Slice(String name, Map<String, String> values, int[] members) {
  static Slice of(Map<String, String> values, int[] members) {
    return new Slice(Selector.name(values), values, members);
  }

  /** Whether these are all images, not some that have something in common. */
  boolean all() {
    return values.isEmpty();
  }

  int size() {
    return members.length;
  }

  /** Those whose class the champion knows. */
  Slice comparable(Columns columns) {
    return new Slice(name, values, Arrays.stream(members).filter(columns::comparable).toArray());
  }
}
