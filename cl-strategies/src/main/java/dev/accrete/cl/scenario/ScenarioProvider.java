package dev.accrete.cl.scenario;

import java.util.Optional;

/** Reads the names of one kind of scenario: found by {@link java.util.ServiceLoader}. */
public interface ScenarioProvider {
  /** The forms of its names, for help texts: {@code ni:N (new instances)}. */
  String forms();

  /**
   * The scenario of a name; empty if the name is of another kind.
   *
   * @throws IllegalArgumentException if it is of this kind, but cannot be, saying why
   */
  Optional<ScenarioSpec> parse(String name);
}
