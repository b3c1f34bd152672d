package dev.accrete.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The stores that one graph is compiled against, all of one backend: for backends, to find where a
 * variable lives.
 *
 * @param <S> the backend's kind of store
 */
public final class Stores<S extends Store> {
  private final List<S> all = new ArrayList<>();
  private final Map<Variable, S> homes = new HashMap<>();

  /**
   * Takes the stores that a caller hands in.
   *
   * @param backend its name, for the error
   * @param type its kind of store
   * @param own whether a store of this kind is its own
   * @throws IllegalArgumentException if one is of another backend, or two have a variable of the
   *     same name and type
   */
  public Stores(String backend, Class<S> type, Predicate<S> own, Store... stores) {
    for (Store store : stores) {
      if (!type.isInstance(store) || !own.test(type.cast(store))) {
        throw new IllegalArgumentException(
            "the store is not of " + backend + ": " + store.getClass().getName());
      }
      S mine = type.cast(store);
      all.add(mine);
      for (Variable variable : mine.variables()) {
        if (homes.put(variable, mine) != null) {
          throw new IllegalArgumentException("two stores have " + variable + "; rename one");
        }
      }
    }
  }

  /** All of them. */
  public List<S> all() {
    return List.copyOf(all);
  }

  /**
   * The store that has a variable.
   *
   * @throws IllegalArgumentException if none has
   */
  public S of(Variable variable) {
    S home = homes.get(variable);
    if (home == null) {
      throw new IllegalArgumentException(
          "the store has no " + variable + "; it has " + homes.keySet());
    }
    return home;
  }
}
