package dev.accrete.production.serve.api;

import dev.accrete.cl.data.DataException;
import dev.accrete.production.ingest.Csv;
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
import dev.accrete.production.serve.metrics.Metrics;
import dev.accrete.production.serve.workshop.FeedbackOutcome;
import dev.accrete.production.serve.workshop.Label;
import dev.accrete.production.serve.workshop.Lesson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** {@code /v1/feedback} and {@code /v1/classes/{name}/images}. */
public final class TeachApi {
  private static final int MOST_LABELS = 100_000;
  private static final int MOST_CSV = 16 << 20;
  private static final int MOST_IMAGES = 1_000;

  private final Roster roster;
  private final School school;
  private final Metrics metrics;

  public TeachApi(Roster roster, School school, Metrics metrics) {
    this.roster = roster;
    this.school = school;
    this.metrics = metrics;
  }

  /** Its doors. */
  public List<Route> routes() {
    return List.of(
        Route.of("POST", "/v1/feedback", Role.TEACH, this::feedback),
        Route.of("POST", "/v1/classes/{name}/images", Role.TEACH, this::teach));
  }

  private Reply feedback(Exchange exchange) {
    Serving serving = ClassifyApi.serving(roster, exchange);
    boolean csv = exchange.type().equals("text/csv");
    byte[] body = exchange.body(MOST_CSV);
    boolean alone = !csv && !beginsArray(body);
    List<Label> labels =
        csv
            ? labels(new String(body, StandardCharsets.UTF_8))
            : alone
                ? List.of(Json.read(body, Label.class))
                : List.of(Json.read(body, Label[].class));
    if (labels.size() > MOST_LABELS) {
      throw Problem.of(
          413, "too_many_labels", "more than " + MOST_LABELS + " labels: send them in parts");
    }
    labels.forEach(label -> School.check(label.label()));
    serving.flush();
    List<FeedbackOutcome> outcomes = serving.workshop().feedback(labels, exchange.caller().name());
    Set<String> classes = Set.copyOf(serving.champion().map(LiveModel::classes).orElse(List.of()));
    SortedSet<String> unknown = new TreeSet<>();
    List<Map<String, String>> refused = new ArrayList<>();
    int corrected = 0;
    for (FeedbackOutcome outcome : outcomes) {
      boolean agreed = outcome.answered().equals(Optional.of(outcome.label()));
      if (outcome.refusal().isPresent()) {
        refused.add(Map.of("id", outcome.id(), "reason", outcome.refusal().get()));
        metrics.feedback("refused");
      } else {
        corrected += agreed ? 0 : 1;
        if (!classes.contains(outcome.label())) {
          unknown.add(outcome.label());
        }
        metrics.feedback(agreed ? "agreed" : "corrected");
      }
    }
    if (alone && !refused.isEmpty()) {
      throw Problem.of(404, "no_such_answer", outcomes.getFirst().refusal().orElse(""));
    }
    Map<String, Object> reply = new LinkedHashMap<>();
    reply.put("kept", outcomes.size() - refused.size());
    reply.put("corrected", corrected);
    reply.put("unknown", unknown);
    reply.put("refused", refused);
    return Reply.json(reply);
  }

  private static boolean beginsArray(byte[] body) {
    for (byte b : body) {
      if (!Character.isWhitespace(b)) {
        return b == '[';
      }
    }
    return false;
  }

  private static List<Label> labels(String text) {
    List<Csv.Row> rows;
    try {
      rows = Csv.parse("the CSV", text);
    } catch (DataException e) {
      throw Problem.of(400, "bad_csv", String.valueOf(e.getMessage()));
    }
    List<Label> labels = new ArrayList<>();
    for (Csv.Row row : rows) {
      List<String> fields = row.fields();
      if (labels.isEmpty() && fields.equals(List.of("id", "label"))) {
        continue;
      }
      if (fields.size() != 2 || fields.get(0).isBlank() || fields.get(1).isBlank()) {
        throw Problem.of(
            400,
            "bad_csv",
            "line " + row.line() + " of the CSV is not an id and a label, with a comma between");
      }
      labels.add(new Label(fields.get(0).strip(), fields.get(1).strip()));
    }
    if (labels.isEmpty()) {
      throw Problem.of(400, "bad_csv", "the CSV has no line with an id and a label");
    }
    return labels;
  }

  private Reply teach(Exchange exchange) throws InterruptedException {
    Serving serving = ClassifyApi.serving(roster, exchange);
    String label = exchange.parameter("name").strip();
    School.check(label);
    Uploads uploads = exchange.lessons(MOST_IMAGES);
    if (uploads.images().isEmpty()) {
      throw Problem.of(
          400, "no_image", "there is no image in the request: send 5 to 20 of the class");
    }
    Lesson lesson = new Lesson(label, uploads.images(), ClassifyApi.subject(exchange));
    return school.teach(serving, List.of(lesson), exchange).reply();
  }
}
