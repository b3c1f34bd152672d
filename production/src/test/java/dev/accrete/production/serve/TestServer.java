package dev.accrete.production.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.accrete.cl.learner.LearnerConfig;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.production.serve.live.Classifier;
import dev.accrete.production.serve.workshop.Lesson;
import dev.accrete.production.serve.workshop.MemoryWorkshop;
import dev.accrete.production.serve.workshop.Shelf;
import dev.accrete.production.serve.workshop.Upload;
import dev.accrete.production.serve.workshop.Workshop;
import dev.accrete.production.store.TestImages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A server on a free port with a model that really learns, and a client of it. */
final class TestServer implements AutoCloseable {
  static final String TYPE = "Content-Type";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Backend backend = Backends.create("reference", new BackendOptions(1));
  private final HttpClient client = HttpClient.newHttpClient();
  private final MemoryWorkshop workshop;
  private final Path folder;
  private final List<String> broken = new CopyOnWriteArrayList<>();
  private Optional<ModelServer> server = Optional.empty();

  TestServer(Path folder) {
    this.folder = folder;
    workshop = workshop("shop");
  }

  private MemoryWorkshop workshop(String name) {
    return new MemoryWorkshop(name, new LearnerTeacher(folder.resolve(name), config(), backend));
  }

  static LearnerConfig config() {
    return LearnerConfig.of("small-cnn", TestImages.SIDE, "slda").withSeed(5);
  }

  static ServeOptions options() {
    return ServeOptions.defaults()
        .at("127.0.0.1", 0, Optional.empty())
        .withTimes(Duration.ofMillis(50), Duration.ofSeconds(10));
  }

  /** Version 1, which knows cats and dogs, as the champion. */
  TestServer taught() {
    workshop.teach(List.of(lesson("cat", 0, 12), lesson("dog", 0, 12)), "test");
    return this;
  }

  static Lesson lesson(String label, int from, int to) {
    return new Lesson(label, uploads(label, from, to), Optional.empty());
  }

  static List<Upload> uploads(String label, int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> Upload.of(label + i + ".png", TestImages.png(label, i)))
        .toList();
  }

  TestServer start(ServeOptions options) {
    return start(options, workshop, Classifier.factory(backend));
  }

  TestServer start(ServeOptions options, Workshop served, Classifier.Factory factory) {
    server = Optional.of(ModelServer.start(served, shelf(), factory, "test", options));
    return this;
  }

  TestServer start() {
    return start(options());
  }

  private Shelf shelf() {
    Map<String, Workshop> made = new LinkedHashMap<>();
    return new Shelf() {
      @Override
      public List<String> names() {
        return Stream.concat(made.keySet().stream(), broken.stream()).toList();
      }

      @Override
      public Workshop open(String name) {
        throw new AccreteException(name + " is damaged");
      }

      @Override
      public Workshop create(String name) {
        Workshop workshop = workshop(name);
        made.put(name, workshop);
        return workshop;
      }

      @Override
      public void delete(String name) {
        made.remove(name);
      }
    };
  }

  /** Names of classifiers that are on the shelf and cannot be opened; may be changed. */
  List<String> broken() {
    return broken;
  }

  ModelServer server() {
    return server.orElseThrow();
  }

  MemoryWorkshop workshop() {
    return workshop;
  }

  Backend backend() {
    return backend;
  }

  URI uri(String path) {
    return URI.create(server().uri() + path);
  }

  /** A connection of which every byte is in the test's hand. */
  Socket connect() {
    try {
      return new Socket(InetAddress.getLoopbackAddress(), server().uri().getPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An answer with its body as JSON, if it is. */
  record Reply(int status, JsonNode json, HttpResponse<byte[]> raw) {
    String text() {
      return new String(raw.body(), StandardCharsets.UTF_8);
    }

    String header(String name) {
      return raw.headers().firstValue(name).orElse("");
    }
  }

  Reply send(HttpRequest request) throws InterruptedException {
    try {
      HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      boolean json = response.headers().firstValue(TYPE).orElse("").startsWith("application/json");
      return new Reply(
          response.statusCode(),
          json ? JSON.readTree(response.body()) : JSON.createObjectNode(),
          response);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(60));
  }

  Reply get(String path) throws InterruptedException {
    return send(request(path).build());
  }

  Reply delete(String path) throws InterruptedException {
    return send(request(path).DELETE().build());
  }

  Reply post(String path, String type, byte[] body) throws InterruptedException {
    return send(
        request(path)
            .header(TYPE, type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build());
  }

  Reply post(String path, String json) throws InterruptedException {
    return post(path, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  Reply post(String path, Form form) throws InterruptedException {
    return post(path, form.type(), form.bytes());
  }

  Reply classify(String label, int number) throws InterruptedException {
    return post("/v1/classify", "image/png", TestImages.png(label, number));
  }

  static byte[] zip(Map<String, byte[]> files) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  static byte[] zip(String label, int from, int to) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int i = from; i < to; i++) {
      files.put(label + "/" + i + ".png", TestImages.png(label, i));
    }
    return zip(files);
  }

  /** A form as browsers send it. */
  static final class Form {
    private static final String BOUNDARY = "a-boundary-of-no-image";
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Form file(String field, String name, byte[] content) {
      part("name=\"" + field + "\"; filename=\"" + name + "\"\r\n" + TYPE + ": image/png", content);
      return this;
    }

    Form text(String field, String value) {
      part("name=\"" + field + "\"", value.getBytes(StandardCharsets.UTF_8));
      return this;
    }

    private void part(String head, byte[] content) {
      String begin = "--" + BOUNDARY + "\r\nContent-Disposition: form-data; " + head + "\r\n\r\n";
      out.writeBytes(begin.getBytes(StandardCharsets.UTF_8));
      out.writeBytes(content);
      out.writeBytes(new byte[] {'\r', '\n'});
    }

    String type() {
      return "multipart/form-data; boundary=" + BOUNDARY;
    }

    byte[] bytes() {
      return (out.toString(StandardCharsets.ISO_8859_1) + "--" + BOUNDARY + "--\r\n")
          .getBytes(StandardCharsets.ISO_8859_1);
    }
  }

  static List<String> texts(JsonNode list, String field) {
    List<String> texts = new ArrayList<>();
    list.forEach(node -> texts.add(node.path(field).asText()));
    return texts;
  }

  @Override
  public void close() {
    server.ifPresent(ModelServer::close);
    client.close();
    backend.close();
  }
}
