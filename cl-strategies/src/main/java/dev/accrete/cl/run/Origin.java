package dev.accrete.cl.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.accrete.cl.scenario.Batch;
import dev.accrete.cl.scenario.Scenario;
import dev.accrete.cl.strategy.ConfiguredStrategy;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All that decides what a strategy has become after some experiences: settings, stream, data,
 * weights and backend. Every checkpoint carries it, so that none is gone on with as what it is not.
 *
 * @param facts values by name
 */
public record Origin(SortedMap<String, String> facts) {
  private static final String INPUTS = "inputs";
  private static final String STREAM = "stream";
  private static final int SHORT = 16;

  /** What decides nothing, or what the inputs' digest and the strategy's own settings tell. */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "strategies",
          "data",
          "weights",
          "skipCorrupt",
          "backend",
          "precision",
          "threads",
          "checkpointEvery",
          "hyper",
          "cumulativeAt",
          "plugins");

  /** Where the digest of inputs goes on to the next of its parts. */
  private static final Pattern PARTS = Pattern.compile(", (?=(?:test|weights|backend) )");

  /** Copies the map. */
  public Origin {
    facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
  }

  /** Of what a strategy becomes in a run. */
  public static Origin of(ConfiguredStrategy<?> strategy, RunConfig config, RunInputs inputs) {
    SortedMap<String, String> facts = new TreeMap<>();
    ObjectNode settings = config.tree();
    for (Map.Entry<String, JsonNode> setting : settings.properties()) {
      if (!ELSEWHERE.contains(setting.getKey())) {
        facts.put(setting.getKey(), RunConfig.text(setting.getValue()));
      }
    }
    strategy.toMap().forEach((name, value) -> facts.put("setting " + name, value));
    facts.put(INPUTS, inputs.digest());
    facts.put(STREAM, stream(inputs.scenario()));
    return new Origin(facts);
  }

  /** The first fact in which another origin differs, in words; empty if there is none. */
  Optional<String> difference(Origin other) {
    return Stream.concat(facts.keySet().stream(), other.facts.keySet().stream())
        .filter(name -> !ELSEWHERE.contains(name)) // of checkpoints of earlier versions
        .filter(name -> !value(name).equals(other.value(name)))
        .findFirst()
        .map(name -> name + " = " + value(name) + ", this run has " + other.value(name));
  }

  /**
   * What is left to compare where some inputs may differ.
   *
   * @param parts of the inputs: {@code train}, {@code test}, {@code weights}, {@code backend}
   */
  Origin without(Set<String> parts) {
    SortedMap<String, String> left = new TreeMap<>(facts);
    left.computeIfPresent(
        INPUTS,
        (name, digest) ->
            PARTS
                .splitAsStream(digest)
                .filter(part -> !parts.contains(part.split(" ", 2)[0]))
                .collect(Collectors.joining(", ")));
    if (parts.contains("train") || parts.contains("test")) {
      left.remove(STREAM);
    }
    return new Origin(left);
  }

  private String value(String name) {
    return facts.getOrDefault(name, "none");
  }

  /** The text that {@link #parse} reads. */
  String text() {
    try {
      return Json.MAPPER.writer().without(Json.INDENT).writeValueAsString(facts);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts that JSON cannot hold: " + facts, e);
    }
  }

  /**
   * Reads what {@link #text} gave.
   *
   * @throws IllegalArgumentException if it is something else
   */
  static Origin parse(String text) {
    try {
      return new Origin(
          Json.MAPPER.readValue(text, new TypeReference<TreeMap<String, String>>() {}));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    }
  }

  // Where a stream comes from does not tell what it is: lists are read from files, and rules
  // change.
  private static String stream(Scenario scenario) {
    Sha256 sha = new Sha256();
    for (Batch batch : scenario.batches()) {
      sha.add(batch.images());
    }
    return sha.add(scenario.test()).add(scenario.testGroups()).hex().substring(0, SHORT);
  }
}
