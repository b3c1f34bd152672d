package dev.accrete.production.serve.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.accrete.production.serve.http.ErrorForm;
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
import dev.accrete.production.serve.workshop.Forgotten;
import dev.accrete.production.serve.workshop.Lesson;
import dev.accrete.production.serve.workshop.Upload;
import dev.accrete.production.serve.workshop.Version;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * The manner of Watson Visual Recognition v3, as its client {@code visual_recognition_v3.py} calls
 * it: classifiers are made and extended from ZIPs of positive examples. Negative examples become a
 * class of their own that is never answered, but takes its share of the probability.
 */
public final class WatsonApi {
  private static final String POSITIVE = "_positive_examples";
  private static final String NEGATIVE = "negative_examples";

  /** The class of negative examples. */
  static final String NONE = "(none)";

  private static final int LEAST_EXAMPLES = 10;
  private static final int MOST_EXAMPLES = 10_000;
  private static final int MOST_IMAGES = 20;
  private static final int MOST_CLASSES = 10_000;
  private static final double THRESHOLD = 0.5;

  private final Roster roster;
  private final Desk desk;
  private final School school;

  public WatsonApi(Roster roster, Desk desk, School school) {
    this.roster = roster;
    this.desk = desk;
    this.school = school;
  }

  /** Its doors. */
  public List<Route> routes() {
    return List.of(
        route("POST", "/v3/classify", Role.PREDICT, this::classify),
        route("GET", "/v3/classifiers", Role.PREDICT, this::list),
        route("POST", "/v3/classifiers", Role.TEACH, this::create),
        route("GET", "/v3/classifiers/{classifier_id}", Role.PREDICT, this::show),
        route("POST", "/v3/classifiers/{classifier_id}", Role.TEACH, this::update),
        route("DELETE", "/v3/classifiers/{classifier_id}", Role.OPERATE, this::delete),
        route("DELETE", "/v3/user_data", Role.TEACH, this::forget));
  }

  private static Route route(String method, String path, Role role, Route.Handler handler) {
    return new Route(method, path, role, ErrorForm.WATSON, handler);
  }

  private Reply classify(Exchange exchange) throws InterruptedException {
    Uploads uploads = exchange.images(Math.min(MOST_IMAGES, exchange.limits().images()));
    if (uploads.texts().containsKey("url") || exchange.query("url").isPresent()) {
      throw Problem.of(400, "no_urls", "images are not fetched from addresses: send images_file");
    }
    double threshold =
        text(uploads, exchange, "threshold")
            .map(given -> Exchange.value("threshold", given, Exchange::share, "a number of 0 to 1"))
            .orElse(THRESHOLD);
    List<Serving> servings = asked(uploads, exchange);
    List<Desk.Question> questions = desk.questions(uploads.images(), exchange);
    List<Desk.Outcomes> answers = new ArrayList<>();
    for (Serving serving : servings) {
      answers.add(
          desk.ask(
              serving,
              OptionalInt.empty(),
              questions,
              ClassifyApi.subject(exchange),
              exchange.limits().answering()));
    }
    return Reply.json(Json.written(json -> write(json, questions, servings, answers, threshold)));
  }

  private static Optional<String> text(Uploads uploads, Exchange exchange, String name) {
    return Optional.ofNullable(uploads.texts().get(name))
        .filter(text -> !text.isBlank())
        .or(() -> exchange.query(name));
  }

  private List<Serving> asked(Uploads uploads, Exchange exchange) {
    List<String> ids =
        text(uploads, exchange, "classifier_ids")
            .map(
                given ->
                    Arrays.stream(given.replaceAll("[\\[\\]\"]", "").split(","))
                        .map(String::strip)
                        .filter(id -> !id.isEmpty() && !id.equals("default"))
                        .distinct()
                        .toList())
            .orElse(List.of());
    return ids.isEmpty() ? List.of(roster.main()) : ids.stream().map(this::require).toList();
  }

  private Serving require(String id) {
    return roster
        .find(id)
        .orElseThrow(
            () -> Problem.of(404, "no_such_classifier", "there is no classifier '" + id + "'"));
  }

  private static void write(
      JsonGenerator json,
      List<Desk.Question> questions,
      List<Serving> servings,
      List<Desk.Outcomes> answers,
      double threshold)
      throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("images");
    for (int i = 0; i < questions.size(); i++) {
      json.writeStartObject();
      json.writeStringField("image", questions.get(i).name());
      Optional<Problem> problem = answers.getFirst().images().get(i).problem();
      if (problem.isPresent()) {
        json.writeObjectFieldStart("error");
        json.writeNumberField("code", problem.get().status());
        json.writeStringField("description", problem.get().text());
        json.writeStringField("error_id", problem.get().code());
        json.writeEndObject();
      } else {
        json.writeArrayFieldStart("classifiers");
        for (int k = 0; k < servings.size(); k++) {
          write(json, servings.get(k), answers.get(k), i, threshold);
        }
        json.writeEndArray();
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeNumberField("images_processed", questions.size());
    json.writeNumberField(
        "custom_classes",
        answers.stream().mapToInt(answer -> answer.model().classes().size()).sum());
    json.writeEndObject();
  }

  private static void write(
      JsonGenerator json, Serving serving, Desk.Outcomes outcomes, int image, double threshold)
      throws IOException {
    Desk.Outcome outcome = outcomes.images().get(image);
    LiveModel model = outcomes.model();
    json.writeStartObject();
    json.writeStringField("classifier_id", serving.workshop().name());
    json.writeStringField("name", serving.workshop().name());
    json.writeStringField("answer_id", outcome.id());
    json.writeArrayFieldStart("classes");
    if (outcome.scores().isPresent()) {
      for (int k : outcome.scores().get().top(model.classes().size(), threshold)) {
        if (!model.classes().get(k).equals(NONE)) {
          json.writeStartObject();
          json.writeFieldName("class");
          json.writeString(model.name(k));
          json.writeNumberField("score", outcome.scores().get().of(k));
          json.writeEndObject();
        }
      }
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private Reply list(Exchange exchange) {
    boolean verbose = exchange.query("verbose").filter("true"::equals).isPresent();
    return Reply.json(
        Map.of(
            "classifiers",
            roster.all().stream()
                .map(serving -> verbose ? describe(serving) : brief(serving))
                .toList()));
  }

  private Reply show(Exchange exchange) {
    return Reply.json(describe(require(exchange.parameter("classifier_id"))));
  }

  private Map<String, Object> brief(Serving serving) {
    String name = serving.workshop().name();
    School.State state = school.state(name);
    Map<String, Object> brief = new LinkedHashMap<>();
    brief.put("classifier_id", name);
    brief.put("name", name);
    brief.put(
        "status",
        state.learning() ? "training" : serving.version().isPresent() ? "ready" : "failed");
    return brief;
  }

  private Map<String, Object> describe(Serving serving) {
    Map<String, Object> description = brief(serving);
    School.State state = school.state(serving.workshop().name());
    state.failure().ifPresent(why -> description.put("explanation", why));
    List<Version> versions = serving.workshop().versions();
    if (!versions.isEmpty()) {
      description.put("created", versions.getLast().created());
      description.put("retrained", versions.getFirst().created());
    }
    description.put(
        "classes",
        serving.champion().map(LiveModel::classes).orElse(List.of()).stream()
            .filter(name -> !name.equals(NONE))
            .map(name -> Map.of("class", name))
            .toList());
    description.put("core_ml_enabled", false);
    return description;
  }

  private Reply create(Exchange exchange) throws InterruptedException {
    Uploads uploads = exchange.lessons(MOST_EXAMPLES);
    List<Lesson> lessons = lessons(uploads, exchange);
    String title =
        Optional.ofNullable(uploads.texts().get("name"))
            .filter(text -> !text.isBlank())
            .orElseThrow(() -> Problem.of(400, "no_name", "the field 'name' is missing: name it"));
    if (lessons.size() < 2) {
      throw Problem.of(
          400,
          "too_few_classes",
          "a classifier needs two classes, or one and negative_examples: send a ZIP for each");
    }
    Serving serving = roster.create(id(title));
    boolean taught = false;
    try {
      school.teach(serving, lessons, exchange);
      taught = true;
    } finally {
      if (!taught) {
        roster.delete(serving.workshop().name());
      }
    }
    return Reply.json(describe(serving));
  }

  private static String id(String title) {
    String plain = title.replaceAll("[^A-Za-z0-9]+", "-").replaceAll("^-|-$", "");
    String tail = UUID.randomUUID().toString().substring(0, 8);
    return (plain.isEmpty() ? "classifier" : plain.substring(0, Math.min(40, plain.length())))
        + "_"
        + tail;
  }

  private Reply update(Exchange exchange) throws InterruptedException {
    Serving serving = require(exchange.parameter("classifier_id"));
    school.teach(serving, lessons(exchange.lessons(MOST_EXAMPLES), exchange), exchange);
    return Reply.json(describe(serving));
  }

  /** A lesson for each ZIP of examples. */
  private static List<Lesson> lessons(Uploads uploads, Exchange exchange) {
    List<Lesson> lessons = new ArrayList<>();
    Optional<String> subject = ClassifyApi.subject(exchange);
    for (Uploads.FilePart file : uploads.files()) {
      String label = label(file.field());
      List<Upload> images = file.images();
      if (images.size() < LEAST_EXAMPLES) {
        throw Problem.of(
            400,
            "too_few_images",
            file.field()
                + " has "
                + images.size()
                + " images, at least "
                + LEAST_EXAMPLES
                + " are needed, in a ZIP");
      }
      lessons.add(new Lesson(label, images, subject));
    }
    if (lessons.isEmpty() || lessons.size() > MOST_CLASSES) {
      throw Problem.of(
          400, "no_examples", "send a form with a ZIP named CLASS" + POSITIVE + " for each class");
    }
    return lessons;
  }

  private static String label(String field) {
    if (field.equals(NEGATIVE)) {
      return NONE;
    }
    if (!field.endsWith(POSITIVE) || field.length() == POSITIVE.length()) {
      throw Problem.of(
          400,
          "bad_field",
          "the file '" + field + "' is neither CLASS" + POSITIVE + " nor " + NEGATIVE);
    }
    String label = field.substring(0, field.length() - POSITIVE.length());
    School.check(label);
    return label;
  }

  private Reply delete(Exchange exchange) {
    String id = exchange.parameter("classifier_id");
    require(id);
    roster.delete(id);
    return Reply.json(Map.of());
  }

  private Reply forget(Exchange exchange) {
    String subject =
        exchange
            .query("customer_id")
            .orElseThrow(() -> Problem.of(400, "no_customer", "say whose data: ?customer_id=NAME"));
    Map<String, String> closed = roster.openOthers();
    List<Forgotten> forgotten = new ArrayList<>();
    for (Serving serving : roster.all()) {
      serving.flush();
      forgotten.add(serving.workshop().forget(subject, exchange.caller().name()));
      serving.refresh();
    }
    if (!closed.isEmpty()) {
      throw Problem.of(
          500,
          "not_everywhere",
          "forgotten but for classifiers that cannot be opened, which may still know the subject: "
              + closed
              + "; mend or delete them and ask again");
    }
    return Reply.json(Map.of("forgotten", forgotten));
  }
}
