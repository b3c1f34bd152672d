package dev.accrete.production.serve.http;

import dev.accrete.production.serve.metrics.Metrics;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds what answers at an address. */
final class Router {
  private final List<Target> targets = new ArrayList<>();
  private final Map<String, Target> plain = new HashMap<>();

  /** A route as it is looked for, with what is counted of it. */
  record Target(Route route, List<String> segments, Metrics.Route figures) {}

  /** A route with the parameters that an address gives it. */
  record Match(Target target, Map<String, String> parameters) {}

  void add(Route route, Metrics.Route figures) {
    Target target = new Target(route, route.segments(), figures);
    targets.add(target);
    if (!route.path().contains("{")) {
      plain.put(route.method() + " " + route.path(), target);
    }
  }

  /** The route of an address as it came, percent signs and all. */
  Optional<Match> find(String method, String rawPath) {
    Target exact = plain.get(method + " " + rawPath);
    if (exact != null) {
      return Optional.of(new Match(exact, Map.of()));
    }
    List<String> segments = List.of(rawPath.split("/", -1));
    return targets.stream()
        .filter(target -> target.route().method().equals(method))
        .filter(target -> fits(target, segments))
        .findFirst()
        .map(target -> new Match(target, parameters(target, segments)));
  }

  /** The methods that an address answers to. */
  Set<String> methods(String rawPath) {
    List<String> segments = List.of(rawPath.split("/", -1));
    Set<String> methods = new LinkedHashSet<>();
    for (Target target : targets) {
      if (fits(target, segments)) {
        methods.add(target.route().method());
      }
    }
    return methods;
  }

  private static boolean fits(Target target, List<String> segments) {
    if (segments.size() != target.segments().size()) {
      return false;
    }
    for (int i = 0; i < segments.size(); i++) {
      String wanted = target.segments().get(i);
      boolean fits =
          wanted.startsWith("{") ? !segments.get(i).isEmpty() : wanted.equals(segments.get(i));
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  private static Map<String, String> parameters(Target target, List<String> segments) {
    Map<String, String> parameters = new HashMap<>();
    for (int i = 0; i < segments.size(); i++) {
      String wanted = target.segments().get(i);
      if (wanted.startsWith("{")) {
        // In a path a plus sign is one.
        String text = segments.get(i).replace("+", "%2B");
        parameters.put(
            wanted.substring(1, wanted.length() - 1),
            URLDecoder.decode(text, StandardCharsets.UTF_8));
      }
    }
    return parameters;
  }
}
