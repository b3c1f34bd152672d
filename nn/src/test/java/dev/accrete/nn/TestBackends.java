package dev.accrete.nn;

import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.BackendProvider;
import dev.accrete.core.Backends;
import java.util.List;

/** Backends that tests run on. */
public final class TestBackends {
  private TestBackends() {}

  /** The oracle. */
  public static Backend reference() {
    return Backends.create("reference", new BackendOptions(1));
  }

  /** The best backend here. */
  public static Backend best() {
    return Backends.create(Backends.AUTO, new BackendOptions(2));
  }

  /** The names of all backends that can run here. */
  public static List<String> available() {
    return Backends.providers().stream()
        .filter(p -> p.probe().available())
        .map(BackendProvider::name)
        .toList();
  }
}
