package dev.accrete.production.serve.live;

import dev.accrete.core.AccreteException;
import dev.accrete.production.serve.workshop.Shelf;
import dev.accrete.production.serve.workshop.Workshop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All models that answer here: the one that the server was started for, and those on its shelf. */
public final class Roster implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Roster.class);

  /** Each is in memory. */
  private static final int MOST = 64;

  private final Serving main;
  private final Shelf shelf;
  private final Function<Workshop, Serving> opener;
  private final Map<String, Serving> others = new ConcurrentHashMap<>();

  /** Opens everything; {@link #refresh} loads it. */
  public Roster(Workshop served, Shelf shelf, Function<Workshop, Serving> opener) {
    this.shelf = shelf;
    this.opener = opener;
    main = opener.apply(served);
    openOthers().forEach((name, why) -> LOG.warn("the classifier {} is left out: {}", name, why));
  }

  /**
   * Opens what is on the shelf and not open yet.
   *
   * @return names of those that cannot be opened, and why
   */
  public synchronized SortedMap<String, String> openOthers() {
    SortedMap<String, String> closed = new TreeMap<>();
    for (String name : shelf.names()) {
      if (!others.containsKey(name)) {
        try {
          others.put(name, opener.apply(shelf.open(name)));
        } catch (AccreteException e) {
          closed.put(name, String.valueOf(e.getMessage()));
        }
      }
    }
    return closed;
  }

  /** The model that the server was started for. */
  public Serving main() {
    return main;
  }

  /** The model of this name. */
  public Optional<Serving> find(String name) {
    return name.equals(main.workshop().name())
        ? Optional.of(main)
        : Optional.ofNullable(others.get(name));
  }

  /** All of them, the served one first. */
  public List<Serving> all() {
    List<Serving> all = new ArrayList<>(List.of(main));
    others.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> all.add(entry.getValue()));
    return all;
  }

  /** Makes a new one on the shelf. */
  public synchronized Serving create(String name) {
    if (find(name).isPresent()) {
      throw new AccreteException("there is a classifier named " + name + " already");
    }
    if (others.size() >= MOST) {
      throw new AccreteException(
          "there are " + MOST + " classifiers already: delete one first (DELETE /v3/classifiers)");
    }
    Serving serving = opener.apply(shelf.create(name));
    others.put(name, serving);
    return serving;
  }

  /** Removes one from the shelf with all it holds. */
  public synchronized void delete(String name) {
    Serving serving = others.remove(name);
    if (serving == null) {
      throw new AccreteException(
          name.equals(main.workshop().name())
              ? name + " is what this server is for, and is not deleted"
              : "there is no classifier " + name);
    }
    serving.close();
    shelf.delete(name);
  }

  /** Lets all follow their workshops. */
  public void refresh() {
    for (Serving serving : all()) {
      try {
        serving.refresh();
      } catch (RuntimeException e) {
        LOG.warn(
            "{} cannot be asked for its versions, what answers goes on: {}",
            serving.workshop().name(),
            e.getMessage(),
            e);
      }
    }
  }

  @Override
  public synchronized void close() {
    for (Serving serving : all()) {
      try {
        serving.close();
      } catch (RuntimeException e) {
        LOG.warn("{} is not closed cleanly", serving.workshop().name(), e);
      }
    }
  }
}
