package dev.accrete.production.serve.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.accrete.nn.image.Resampler;
import dev.accrete.production.serve.http.ErrorForm;
import dev.accrete.production.serve.http.Exchange;
import dev.accrete.production.serve.http.Json;
import dev.accrete.production.serve.http.Problem;
import dev.accrete.production.serve.http.Reply;
import dev.accrete.production.serve.http.Role;
import dev.accrete.production.serve.http.Route;
import dev.accrete.production.serve.live.LiveModel;
import dev.accrete.production.serve.live.Roster;
import dev.accrete.production.serve.live.Scores;
import dev.accrete.production.serve.live.Serving;
import dev.accrete.production.serve.workshop.Upload;
import dev.accrete.production.serve.workshop.Version;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The Open Inference Protocol, version 2 (github.com/kserve/open-inference-protocol), in JSON.
 * Inputs are encoded images (BYTES, base64) or pixels (UINT8 or FP32, levels of 0 to 255); of these
 * the central square is taken and brought to the model's size, as of encoded images.
 */
public final class InferenceApi {
  private static final String ENCODED = "BYTES";
  private static final int PIXELS_OF_A_TENSOR = 1 << 24;
  private static final String PROBABILITIES = "probabilities";
  private static final String LABEL = "label";
  private static final String ID = "answer_id";

  private final Roster roster;
  private final Desk desk;
  private final String version;

  /**
   * The protocol's doors.
   *
   * @param version of the server
   */
  public InferenceApi(Roster roster, Desk desk, String version) {
    this.roster = roster;
    this.desk = desk;
    this.version = version;
  }

  /** Its doors. */
  public List<Route> routes() {
    String one = "/v2/models/{model}";
    String numbered = one + "/versions/{version}";
    return List.of(
        route("GET", "/v2", Role.PREDICT, exchange -> server()),
        route("GET", "/v2/health/live", Role.ANYBODY, exchange -> Reply.json(Map.of("live", true))),
        route("GET", "/v2/health/ready", Role.ANYBODY, exchange -> ready(roster.main())),
        route("GET", one, Role.PREDICT, this::model),
        route("GET", numbered, Role.PREDICT, this::model),
        route("GET", one + "/ready", Role.PREDICT, this::modelReady),
        route("GET", numbered + "/ready", Role.PREDICT, this::modelReady),
        route("POST", one + "/infer", Role.PREDICT, this::infer),
        route("POST", numbered + "/infer", Role.PREDICT, this::infer));
  }

  private static Route route(String method, String path, Role role, Route.Handler handler) {
    return new Route(method, path, role, ErrorForm.INFERENCE, handler);
  }

  private Reply server() {
    Map<String, Object> reply = new LinkedHashMap<>();
    reply.put("name", "accrete");
    reply.put("version", version);
    reply.put("extensions", List.of());
    return Reply.json(reply);
  }

  private static Reply ready(Serving serving) {
    boolean ready = serving.version().isPresent();
    return Reply.json(Map.of("ready", ready)).withStatus(ready ? 200 : 503);
  }

  private Serving serving(Exchange exchange) {
    String name = exchange.parameter("model");
    return roster
        .find(name)
        .orElseThrow(() -> Problem.of(404, "no_such_model", "no model is called '" + name + "'"));
  }

  /** The version that the path names, if it names one. */
  private static OptionalInt version(Exchange exchange, Serving serving) {
    Optional<String> text = exchange.anyParameter("version");
    if (text.isEmpty()) {
      return OptionalInt.empty();
    }
    return serving.workshop().versions().stream()
        .mapToInt(Version::number)
        .filter(number -> Integer.toString(number).equals(text.get()))
        .boxed()
        .findFirst()
        .map(OptionalInt::of)
        .orElseThrow(
            () ->
                Problem.of(
                    404,
                    "no_such_version",
                    serving.workshop().name() + " has no version " + text.get()));
  }

  private Reply model(Exchange exchange) {
    Serving serving = serving(exchange);
    version(exchange, serving);
    int size = serving.champion().map(LiveModel::imageSize).orElse(-1);
    int classes = serving.champion().map(model -> model.classes().size()).orElse(-1);
    Map<String, Object> reply = new LinkedHashMap<>();
    reply.put("name", serving.workshop().name());
    reply.put(
        "versions",
        serving.workshop().versions().stream()
            .map(Version::number)
            .map(number -> Integer.toString(number))
            .toList());
    reply.put("platform", "accrete");
    reply.put(
        "inputs",
        List.of(
            tensor("image", ENCODED, List.of(-1)),
            tensor("pixels", "UINT8", List.of(-1, 3, size, size)),
            tensor("levels", "FP32", List.of(-1, 3, size, size))));
    reply.put(
        "outputs",
        List.of(
            tensor(PROBABILITIES, "FP32", List.of(-1, classes)),
            tensor(LABEL, ENCODED, List.of(-1)),
            tensor(ID, ENCODED, List.of(-1))));
    reply.put(
        "parameters",
        Map.of("classes", serving.champion().map(LiveModel::classes).orElse(List.of())));
    return Reply.json(reply);
  }

  private static Map<String, Object> tensor(String name, String type, List<Integer> shape) {
    Map<String, Object> tensor = new LinkedHashMap<>();
    tensor.put("name", name);
    tensor.put("datatype", type);
    tensor.put("shape", shape);
    return tensor;
  }

  private Reply modelReady(Exchange exchange) {
    Serving serving = serving(exchange);
    OptionalInt number = version(exchange, serving);
    boolean ready =
        number.isPresent() ? serving.isLoaded(number.getAsInt()) : serving.version().isPresent();
    Map<String, Object> reply = new LinkedHashMap<>();
    reply.put("name", serving.workshop().name());
    reply.put("ready", ready);
    return Reply.json(reply).withStatus(ready ? 200 : 503);
  }

  private Reply infer(Exchange exchange) throws InterruptedException {
    Serving serving = serving(exchange);
    OptionalInt number = version(exchange, serving);
    if (exchange.header("Inference-Header-Content-Length").isPresent()) {
      throw Tensor.bad("the extension of binary tensors is not spoken: send JSON");
    }
    Tensor.Request request =
        Tensor.request(exchange.body(exchange.limits().body()), PIXELS_OF_A_TENSOR);
    if (request.inputs().size() != 1) {
      throw Tensor.bad("a request has one input, got " + request.inputs().size());
    }
    Tensor input = request.inputs().getFirst();
    List<Desk.Question> questions = questions(input, exchange);
    Desk.Outcomes outcomes =
        desk.ask(
            serving,
            number,
            questions,
            ClassifyApi.subject(exchange),
            exchange.limits().answering());
    // The protocol has no word for one image that failed among others.
    outcomes.images().forEach(outcome -> outcome.problem().ifPresent(InferenceApi::refuse));
    String name = serving.workshop().name();
    return Reply.json(Json.written(json -> write(json, name, request, outcomes)));
  }

  private static void refuse(Problem problem) {
    throw problem.status() < 500 ? Problem.of(400, problem.code(), problem.text()) : problem;
  }

  private List<Desk.Question> questions(Tensor input, Exchange exchange) {
    int most = exchange.limits().images();
    List<Desk.Question> questions;
    if (input.type().equals(ENCODED)) {
      List<Upload> uploads = new ArrayList<>();
      for (byte[] image : input.encoded()) {
        uploads.add(Upload.of("image " + uploads.size(), image));
      }
      questions = desk.questions(uploads, exchange);
    } else if (input.type().equals("UINT8") || input.type().equals("FP32")) {
      questions = pixels(input, exchange.limits().pixels());
    } else {
      throw Tensor.bad(
          "input '"
              + input.name()
              + "' has the datatype '"
              + input.type()
              + "', must be BYTES, UINT8 or FP32");
    }
    if (questions.size() > most) {
      throw Problem.of(
          413, "too_many_images", "more than " + most + " images: send them in several requests");
    }
    return questions;
  }

  private static List<Desk.Question> pixels(Tensor input, long mostPixels) {
    int images = input.images();
    int height = input.height();
    int width = input.width();
    if ((long) height * width > mostPixels) {
      throw Problem.of(
          413, "too_large", "an image has more than " + mostPixels + " pixels; scale it down");
    }
    List<Desk.Question> questions = new ArrayList<>();
    for (int i = 0; i < images; i++) {
      int image = i;
      questions.add(
          new Desk.Question(
              "image " + i,
              (size, into) ->
                  Resampler.resize(input.levels(image), 0, 3, height, width, size, into, 0),
              Optional.empty()));
    }
    return questions;
  }

  private static void write(
      JsonGenerator json, String name, Tensor.Request request, Desk.Outcomes outcomes)
      throws IOException {
    LiveModel model = outcomes.model();
    int images = outcomes.images().size();
    List<String> wanted =
        request.outputs().isEmpty() ? List.of(PROBABILITIES, LABEL, ID) : request.outputs();
    json.writeStartObject();
    json.writeStringField("model_name", name);
    json.writeStringField("model_version", Integer.toString(model.version()));
    if (request.id().isPresent()) {
      json.writeStringField("id", request.id().get());
    }
    json.writeArrayFieldStart("outputs");
    for (String output : wanted) {
      json.writeStartObject();
      json.writeStringField("name", output);
      json.writeStringField("datatype", output.equals(PROBABILITIES) ? "FP32" : ENCODED);
      json.writeArrayFieldStart("shape");
      json.writeNumber(images);
      if (output.equals(PROBABILITIES)) {
        json.writeNumber(model.classes().size());
      }
      json.writeEndArray();
      json.writeArrayFieldStart("data");
      for (Desk.Outcome outcome : outcomes.images()) {
        writeData(json, output, model, outcome);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeData(
      JsonGenerator json, String output, LiveModel model, Desk.Outcome outcome) throws IOException {
    Scores scores = outcome.scores().orElseThrow();
    switch (output) {
      case PROBABILITIES -> {
        for (int k = 0; k < scores.classes(); k++) {
          json.writeNumber((float) scores.of(k));
        }
      }
      case LABEL -> json.writeString(model.name(scores.best()));
      case ID -> json.writeString(outcome.id());
      default ->
          throw Tensor.bad(
              "there is no output '" + output + "': there are probabilities, label, answer_id");
    }
  }
}
