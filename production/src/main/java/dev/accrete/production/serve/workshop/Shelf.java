package dev.accrete.production.serve.workshop;

import java.util.List;

/** Where classifiers are kept that clients make themselves, beside the one that is served. */
public interface Shelf {
  /** Their names. */
  List<String> names();

  /**
   * One that exists.
   *
   * @throws dev.accrete.core.AccreteException if it is damaged
   */
  Workshop open(String name);

  /**
   * A new, empty one.
   *
   * @throws UnsupportedWorkException if none can be made here
   */
  Workshop create(String name);

  /** Removes one and everything in it; it must have been closed. */
  void delete(String name);

  /**
   * A shelf without room.
   *
   * @param remedy what to do to get one
   */
  static Shelf none(String remedy) {
    return new Shelf() {
      @Override
      public List<String> names() {
        return List.of();
      }

      @Override
      public Workshop open(String name) {
        throw new UnsupportedWorkException("there is no classifier " + name);
      }

      @Override
      public Workshop create(String name) {
        throw new UnsupportedWorkException("no classifier can be made here: " + remedy);
      }

      @Override
      public void delete(String name) {
        throw new UnsupportedWorkException("there is no classifier " + name);
      }
    };
  }
}
