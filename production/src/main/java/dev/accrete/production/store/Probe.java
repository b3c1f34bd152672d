package dev.accrete.production.store;

import java.io.IOException;

/** Is asked before every operation on a file or the database; a seam, so that tests can fail it. */
@FunctionalInterface
interface Probe {
  /** Lets everything happen. */
  Probe NONE = operation -> {};

  /** Throws if the operation is to fail. */
  void before(String operation) throws IOException;
}
