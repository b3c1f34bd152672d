package dev.accrete.production.serve.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.accrete.production.serve.http.Exchange;
import dev.accrete.production.serve.http.Json;
import dev.accrete.production.serve.http.Problem;
import dev.accrete.production.serve.http.Reply;
import dev.accrete.production.serve.http.Role;
import dev.accrete.production.serve.http.Route;
import dev.accrete.production.serve.http.Uploads;
import dev.accrete.production.serve.live.LiveModel;
import dev.accrete.production.serve.live.Roster;
import dev.accrete.production.serve.live.Serving;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code /v1/classify}, {@code /v1/classes} and {@code /v1/status}. */
public final class ClassifyApi {
  private static final int TOP = 5;
  private static final int MOST_TOP = 10_000;

  private final Roster roster;
  private final Desk desk;

  public ClassifyApi(Roster roster, Desk desk) {
    this.roster = roster;
    this.desk = desk;
  }

  /** Its doors. */
  public List<Route> routes() {
    return List.of(
        Route.of("POST", "/v1/classify", Role.PREDICT, this::classify),
        Route.of("GET", "/v1/classes", Role.PREDICT, this::classes),
        Route.of("GET", "/v1/status", Role.PREDICT, this::status));
  }

  /** The model that a request means: {@code ?model=NAME}, or the one that is served. */
  static Serving serving(Roster roster, Exchange exchange) {
    Optional<String> name = exchange.query("model");
    return name.isEmpty()
        ? roster.main()
        : roster
            .find(name.get())
            .orElseThrow(
                () -> Problem.of(404, "no_such_model", "no model is called '" + name.get() + "'"));
  }

  /** Whose an image is: {@code ?subject=}, or Watson's header {@code customer_id=}. */
  static Optional<String> subject(Exchange exchange) {
    Optional<String> given = exchange.query("subject");
    return given.isPresent()
        ? given
        : exchange
            .header("X-Watson-Metadata")
            .filter(text -> text.startsWith("customer_id="))
            .map(text -> text.substring("customer_id=".length()).strip())
            .filter(text -> !text.isEmpty());
  }

  private Reply classify(Exchange exchange) throws InterruptedException {
    Serving serving = serving(roster, exchange);
    int top = exchange.query("top", TOP, 1, MOST_TOP);
    double threshold = exchange.query("threshold", 0.0);
    Uploads uploads = exchange.images(exchange.limits().images());
    Desk.Outcomes outcomes =
        desk.ask(
            serving,
            OptionalInt.empty(),
            desk.questions(uploads.images(), exchange),
            subject(exchange),
            exchange.limits().answering());
    boolean alone = uploads.files().size() == 1 && !uploads.files().getFirst().zip();
    if (alone) {
      outcomes.requireFirst();
    }
    String name = serving.workshop().name();
    return Reply.json(Json.written(json -> write(json, name, outcomes, top, threshold)));
  }

  private static void write(
      JsonGenerator json, String name, Desk.Outcomes outcomes, int top, double threshold)
      throws IOException {
    LiveModel model = outcomes.model();
    json.writeStartObject();
    json.writeStringField("model", name);
    json.writeNumberField("version", model.version());
    json.writeArrayFieldStart("images");
    for (Desk.Outcome outcome : outcomes.images()) {
      json.writeStartObject();
      json.writeStringField("image", outcome.name());
      if (outcome.scores().isPresent()) {
        json.writeStringField("id", outcome.id());
        json.writeFieldName("classes");
        Desk.writeClasses(
            json, model, outcome.scores().get(), top, threshold, "class", "probability");
      } else {
        Problem problem = outcome.problem().orElseThrow();
        json.writeObjectFieldStart("error");
        json.writeStringField("code", problem.code());
        json.writeStringField("message", problem.text());
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private Reply classes(Exchange exchange) {
    List<String> names =
        serving(roster, exchange).champion().map(LiveModel::classes).orElse(List.of());
    return Reply.json(Map.of("classes", names));
  }

  private Reply status(Exchange exchange) {
    return Reply.json(
        Map.of(
            "models",
            roster.all().stream().map(Serving::status).toList(),
            "caller",
            Map.of("name", exchange.caller().name(), "role", exchange.caller().role().text())));
  }
}
