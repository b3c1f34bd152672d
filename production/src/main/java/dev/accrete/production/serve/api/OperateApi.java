package dev.accrete.production.serve.api;

import dev.accrete.production.serve.http.Exchange;
import dev.accrete.production.serve.http.Problem;
import dev.accrete.production.serve.http.Reply;
import dev.accrete.production.serve.http.Role;
import dev.accrete.production.serve.http.Route;
import dev.accrete.production.serve.live.Roster;
import dev.accrete.production.serve.live.Serving;
import dev.accrete.production.serve.live.Trial;
import dev.accrete.production.serve.workshop.Aliases;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Which version answers, and who decided it. */
public final class OperateApi {
  private static final int ENTRIES = 100;
  private static final int MOST_ENTRIES = 10_000;

  private final Roster roster;

  public OperateApi(Roster roster) {
    this.roster = roster;
  }

  /** Its doors. */
  public List<Route> routes() {
    return List.of(
        Route.of("GET", "/v1/versions", Role.PREDICT, this::versions),
        Route.of("GET", "/v1/ledger", Role.PREDICT, this::ledger),
        Route.of("POST", "/v1/promote", Role.OPERATE, this::promote),
        Route.of("POST", "/v1/rollback", Role.OPERATE, this::rollback),
        Route.of("POST", "/v1/shadow", Role.OPERATE, this::shadow),
        Route.of("POST", "/v1/canary", Role.OPERATE, this::canary));
  }

  /**
   * A movement that is asked for; all of it may be left out.
   *
   * @param version which; if it is left out, the candidate or the previous one
   */
  record Move(OptionalInt version, Optional<Boolean> force, Optional<String> reason) {}

  /** A share that a candidate gets. */
  record Share(Optional<Double> share) {
    double required() {
      return share.orElseThrow(
          () -> Problem.of(400, "bad_json", "the share is missing: send {\"share\": 0.1}"));
    }
  }

  private Reply versions(Exchange exchange) {
    Serving serving = ClassifyApi.serving(roster, exchange);
    Map<String, Object> reply = new LinkedHashMap<>();
    reply.put("aliases", serving.workshop().aliases());
    reply.put("serving", serving.status());
    reply.put("versions", serving.workshop().versions());
    return Reply.json(reply);
  }

  private Reply ledger(Exchange exchange) {
    int most = exchange.query("most", ENTRIES, 1, MOST_ENTRIES);
    return Reply.json(
        Map.of("movements", ClassifyApi.serving(roster, exchange).workshop().ledger(most)));
  }

  private Reply promote(Exchange exchange) {
    Serving serving = ClassifyApi.serving(roster, exchange);
    Move move = exchange.json(Move.class);
    boolean force = move.force().orElse(false);
    if (force && move.reason().filter(text -> !text.isBlank()).isEmpty()) {
      throw Problem.of(400, "no_reason", "a promotion by force needs a reason");
    }
    serving
        .workshop()
        .promote(move.version(), force, move.reason().orElse(""), exchange.caller().name());
    return moved(serving);
  }

  private Reply rollback(Exchange exchange) {
    Serving serving = ClassifyApi.serving(roster, exchange);
    Move move = exchange.json(Move.class);
    serving.workshop().rollback(move.version(), move.reason().orElse(""), exchange.caller().name());
    return moved(serving);
  }

  /** The aliases after a movement, and whether the champion answers already. */
  private static Reply moved(Serving serving) {
    boolean live = serving.refresh();
    Aliases aliases = serving.workshop().aliases();
    Map<String, Object> reply = new LinkedHashMap<>();
    reply.put("aliases", aliases);
    reply.put("live", live);
    reply.put("serving", serving.status());
    return Reply.json(reply);
  }

  private Reply shadow(Exchange exchange) {
    Serving serving = ClassifyApi.serving(roster, exchange);
    double share = exchange.json(Share.class).required();
    return tried(serving, now -> now.withShadow(share));
  }

  private Reply canary(Exchange exchange) {
    Serving serving = ClassifyApi.serving(roster, exchange);
    double share = exchange.json(Share.class).required();
    return tried(serving, now -> now.withCanary(share));
  }

  private static Reply tried(Serving serving, java.util.function.UnaryOperator<Trial> change) {
    Trial trial;
    try {
      trial = change.apply(serving.trial());
    } catch (IllegalArgumentException e) {
      throw Problem.of(400, "bad_parameter", String.valueOf(e.getMessage()));
    }
    serving.trial(trial);
    return Reply.json(Map.of("serving", serving.status()));
  }
}
