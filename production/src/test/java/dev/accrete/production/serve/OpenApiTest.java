package dev.accrete.production.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.accrete.production.serve.http.Route;
import dev.accrete.production.store.TestImages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The description and the server say the same. */
class OpenApiTest {
  private static final Set<String> METHODS = Set.of("get", "post", "put", "delete", "patch");

  @TempDir private static Path folder;
  private static TestServer server;
  private static JsonNode api;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    server = new TestServer(folder).taught().start();
    api = new YAMLMapper().readTree(server.get("/openapi.yaml").text());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** Method and path to role. */
  private static Map<String, String> described() {
    Map<String, String> described = new TreeMap<>();
    for (Map.Entry<String, JsonNode> path : api.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        if (METHODS.contains(method.getKey())) {
          described.put(
              method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
              method.getValue().path("x-role").asText());
        }
      }
    }
    return described;
  }

  @Test
  void everyRouteIsDescribedWithItsRoleAndEveryDescriptionHasARoute() {
    Map<String, String> routes = new TreeMap<>();
    for (Route route : server.server().routes()) {
      routes.put(route.method() + " " + route.path(), route.role().text());
    }
    assertThat(described()).isEqualTo(routes).hasSizeGreaterThan(30);
    assertThat(api.path("openapi").asText()).isEqualTo("3.1.0");
  }

  @Test
  void pathsWithParametersDescribeThem() {
    for (Map.Entry<String, JsonNode> path : api.path("paths").properties()) {
      List<String> wanted = new ArrayList<>();
      for (String segment : path.getKey().split("/", -1)) {
        if (segment.startsWith("{")) {
          wanted.add(segment.substring(1, segment.length() - 1));
        }
      }
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        if (METHODS.contains(method.getKey())) {
          List<String> found = new ArrayList<>();
          for (JsonNode owner : List.of(path.getValue(), method.getValue())) {
            owner
                .path("parameters")
                .forEach(
                    parameter -> {
                      JsonNode resolved = resolved(parameter);
                      if (resolved.path("in").asText().equals("path")) {
                        found.add(resolved.path("name").asText());
                      }
                    });
          }
          assertThat(found).as(path.getKey()).containsExactlyInAnyOrderElementsOf(wanted);
          assertThat(method.getValue().path("summary").asText()).isNotBlank();
          assertThat(method.getValue().path("responses")).isNotEmpty();
        }
      }
    }
  }

  @Test
  void everyReferenceHasItsTarget() {
    List<String> references = new ArrayList<>();
    collect(api, references);
    assertThat(references).isNotEmpty();
    for (String reference : references) {
      assertThat(api.at(reference.substring(1)).isMissingNode()).as(reference).isFalse();
    }
  }

  private static void collect(JsonNode node, List<String> references) {
    if (node.has("$ref")) {
      references.add(node.path("$ref").asText());
    }
    node.forEach(child -> collect(child, references));
  }

  private static JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? api.at(node.path("$ref").asText().substring(1)) : node;
  }

  @Test
  void answersAreWhatTheDescriptionPromises() throws InterruptedException {
    TestServer.Reply answer = server.classify("cat", 1);
    assertAsDescribed("/v1/classify", "post", answer);
    assertAsDescribed("/v1/classify", "post", server.post("/v1/classify", "{}"));
    TestServer.Form mixed =
        new TestServer.Form()
            .file("images", "a.png", TestImages.png("cat", 2))
            .file("images", "b.png", new byte[] {1});
    assertAsDescribed("/v1/classify", "post", server.post("/v1/classify", mixed));
    String id = answer.json().at("/images/0/id").asText();
    assertAsDescribed(
        "/v1/feedback",
        "post",
        server.post("/v1/feedback", "[{\"id\":\"" + id + "\",\"label\":\"dog\"}]"));
    assertAsDescribed(
        "/v1/classes/{name}/images",
        "post",
        server.post("/v1/classes/eel/images", "application/zip", TestServer.zip("eel", 0, 6)));
    assertAsDescribed("/v1/rollback", "post", server.post("/v1/rollback", "{}"));
    assertAsDescribed("/v1/promote", "post", server.post("/v1/promote", "{\"version\":2}"));
    assertAsDescribed("/v1/shadow", "post", server.post("/v1/shadow", "{\"share\":0}"));
    assertAsDescribed("/v1/canary", "post", server.post("/v1/canary", "{\"share\":0}"));
    for (String path :
        List.of(
            "/v1/classes",
            "/v1/status",
            "/v1/versions",
            "/v1/ledger",
            "/v2",
            "/v2/health/live",
            "/v2/health/ready",
            "/v3/classifiers")) {
      assertAsDescribed(path, "get", server.get(path));
    }
    assertAsDescribed("/v2/models/{model}", "get", server.get("/v2/models/shop"));
    assertAsDescribed("/v2/models/{model}/ready", "get", server.get("/v2/models/shop/ready"));
    assertAsDescribed(
        "/v2/models/{model}/infer", "post", server.post("/v2/models/shop/infer", "{}"));
    String pixels =
        "{\"id\":\"i\",\"inputs\":[{\"name\":\"a\",\"datatype\":\"UINT8\",\"shape\":[1,3,1,1],\"data\":[1,2,3]}]}";
    assertAsDescribed(
        "/v2/models/{model}/infer", "post", server.post("/v2/models/shop/infer", pixels));
    assertAsDescribed("/v3/classifiers/{classifier_id}", "get", server.get("/v3/classifiers/shop"));
    assertAsDescribed("/v3/classifiers/{classifier_id}", "get", server.get("/v3/classifiers/x"));
    TestServer.Form watson =
        new TestServer.Form().file("images_file", "x.png", TestImages.png("cat", 3));
    assertAsDescribed("/v3/classify", "post", server.post("/v3/classify", watson));
    assertAsDescribed("/v3/user_data", "delete", server.delete("/v3/user_data?customer_id=x"));
  }

  private static void assertAsDescribed(String path, String method, TestServer.Reply reply) {
    JsonNode responses = api.path("paths").path(path).path(method).path("responses");
    String status = Integer.toString(reply.status());
    JsonNode response =
        resolved(responses.has(status) ? responses.path(status) : responses.path("default"));
    JsonNode schema = response.at("/content/application~1json/schema");
    assertThat(schema.isMissingNode()).as("%s %s %s", method, path, status).isFalse();
    List<String> faults = new ArrayList<>();
    check(schema, reply.json(), "", faults);
    assertThat(faults).as("%s %s: %s", method, path, reply.text()).isEmpty();
  }

  /** The part of JSON Schema that the description uses. */
  private static void check(JsonNode given, JsonNode value, String at, List<String> faults) {
    JsonNode schema = resolved(given);
    if (schema.has("type") && !isA(schema.path("type").asText(), value)) {
      faults.add(at + " is no " + schema.path("type").asText() + ": " + value);
      return;
    }
    if (schema.has("const") && !schema.path("const").equals(value)) {
      faults.add(at + " is not " + schema.path("const"));
    }
    if (schema.has("enum") && !contains(schema.path("enum"), value)) {
      faults.add(at + " is none of " + schema.path("enum"));
    }
    if (value.isNumber()
        && (value.asDouble() < schema.path("minimum").asDouble(Double.NEGATIVE_INFINITY)
            || value.asDouble() > schema.path("maximum").asDouble(Double.POSITIVE_INFINITY))) {
      faults.add(at + " is out of range: " + value);
    }
    schema
        .path("required")
        .forEach(
            name -> {
              if (!value.has(name.asText())) {
                faults.add(at + " lacks " + name);
              }
            });
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      JsonNode property = schema.path("properties").path(field.getKey());
      JsonNode others = schema.path("additionalProperties");
      if (!property.isMissingNode()) {
        check(property, field.getValue(), at + "/" + field.getKey(), faults);
      } else if (others.isObject()) {
        check(others, field.getValue(), at + "/" + field.getKey(), faults);
      } else if (others.isBoolean() && !others.asBoolean()) {
        faults.add(at + " must not have " + field.getKey());
      }
    }
    if (value.isArray() && schema.has("items")) {
      Iterator<JsonNode> elements = value.elements();
      for (int i = 0; elements.hasNext(); i++) {
        check(schema.path("items"), elements.next(), at + "/" + i, faults);
      }
    }
    schema.path("allOf").forEach(part -> check(part, value, at, faults));
    if (schema.has("oneOf")) {
      int fitting = 0;
      for (JsonNode choice : schema.path("oneOf")) {
        List<String> own = new ArrayList<>();
        check(choice, value, at, own);
        fitting += own.isEmpty() ? 1 : 0;
      }
      if (fitting != 1) {
        faults.add(at + " fits " + fitting + " choices");
      }
    }
  }

  private static boolean contains(JsonNode list, JsonNode value) {
    for (JsonNode one : list) {
      if (one.equals(value)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isA(String type, JsonNode value) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      default -> throw new IllegalArgumentException("no type " + type);
    };
  }
}
