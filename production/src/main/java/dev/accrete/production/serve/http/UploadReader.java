package dev.accrete.production.serve.http;

import dev.accrete.core.AccreteException;
import dev.accrete.production.serve.workshop.Upload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.zip.ZipFile;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.http.MultiPartConfig;
import org.eclipse.jetty.http.MultiPartFormData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Attributes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads files out of a body. What it put on the disk is removed when it is closed. */
final class UploadReader implements AutoCloseable {
  /** Files up to this length stay in memory where answers are wanted quickly. */
  static final int MUCH = 1 << 20;

  /** The same where many may come. */
  static final int LITTLE = 1 << 16;

  private static final Logger LOG = LoggerFactory.getLogger(UploadReader.class);
  private static final int TEXTS = 16;
  private static final int MOST_TEXT = 1 << 16;
  private static final int HEADERS = 8 << 10;
  private static final int UNKNOWN_LENGTH = 8 << 20;

  private final Uploads.Rules rules;
  private final Path temporary;
  private final LongConsumer memory;
  private final AtomicLong unpacked = new AtomicLong();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<Path> files = new ArrayList<>();

  /** Tells {@code memory} how many bytes it is going to take. */
  UploadReader(Uploads.Rules rules, Path temporary, LongConsumer memory) {
    this.rules = rules;
    this.temporary = temporary;
    this.memory = memory;
  }

  /** Bytes of memory that a form of some length may take; -1 if the length is unknown. */
  long memory(long length) {
    long most = length < 0 ? Math.min(rules.bytes(), UNKNOWN_LENGTH) : length;
    return Math.min(most, (long) (rules.images() + TEXTS) * rules.inMemory());
  }

  /** The whole body is a file. */
  Uploads single(byte[] body, String name) {
    if (Zips.begins(body)) {
      return new Uploads(List.of(zip("", name, spool(body))), Map.of());
    }
    return new Uploads(
        List.of(new Uploads.FilePart("", name, List.of(Upload.of(name, body)), false)), Map.of());
  }

  /** The whole body is a ZIP. */
  Uploads zip(InputStream body) throws IOException {
    Path file = newFile();
    Files.copy(body, file);
    return new Uploads(List.of(zip("", "the ZIP", file)), Map.of());
  }

  private Uploads.FilePart zip(String field, String name, Path file) {
    ZipFile zip = Zips.open(file, name, rules.images());
    open.add(zip);
    if (rules.together()) {
      memory.accept(rules.unpacked());
    }
    return new Uploads.FilePart(field, name, Zips.images(zip, name, rules, unpacked), true);
  }

  private Path newFile() {
    Path file = temporary.resolve("upload-" + UUID.randomUUID());
    files.add(file);
    return file;
  }

  private Path spool(byte[] bytes) {
    Path file = newFile();
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw full(e);
    }
    return file;
  }

  private AccreteException full(IOException cause) {
    return new AccreteException(
        "cannot write to "
            + temporary
            + ": "
            + cause.getMessage()
            + "; make room there, or set java.io.tmpdir",
        cause);
  }

  /**
   * The files and texts of a form.
   *
   * @throws Problem 413 if there are too many or they are too long, 400 if it is no sound form
   */
  Uploads form(Content.Source body, String contentType) {
    if (Optional.ofNullable(MultiPart.extractBoundary(contentType)).isEmpty()) {
      throw Problem.of(
          400, "bad_form", "the form's Content-Type names no boundary; let the client set it");
    }
    MultiPartConfig config =
        new MultiPartConfig.Builder()
            .location(temporary)
            .maxParts(rules.images() + TEXTS)
            .maxSize(-1)
            .maxPartSize(-1)
            .maxMemoryPartSize(rules.inMemory())
            .maxHeadersSize(HEADERS)
            .build();
    MultiPartFormData.Parts parts;
    try {
      parts = MultiPartFormData.getParts(body, new Attributes.Mapped(), contentType, config);
    } catch (CompletionException e) {
      throw refused(e);
    }
    open.add(parts);
    List<Uploads.FilePart> found = new ArrayList<>();
    Map<String, String> texts = new LinkedHashMap<>();
    int images = 0;
    for (MultiPart.Part part : parts) {
      String field = Optional.ofNullable(part.getName()).orElse("");
      Optional<String> name = Optional.ofNullable(part.getFileName());
      try {
        if (name.isEmpty() && isText(part)) {
          texts.put(field, text(part));
        } else {
          Uploads.FilePart file = file(part, field, name.filter(n -> !n.isEmpty()).orElse(field));
          images += file.images().size();
          if (images > rules.images()) {
            throw Zips.tooMany(rules.images());
          }
          found.add(file);
        }
      } catch (IOException e) {
        throw full(e);
      }
    }
    return new Uploads(found, texts);
  }

  /** A form sends texts without a file name and, as a rule, without a type. */
  private static boolean isText(MultiPart.Part part) {
    String type = part.getHeaders().get("Content-Type");
    return type == null || type.startsWith("text/");
  }

  private static String text(MultiPart.Part part) {
    if (part.getLength() > MOST_TEXT) {
      throw Problem.of(
          413, "too_large", "the field '" + part.getName() + "' is longer than " + MOST_TEXT);
    }
    return part.getContentAsString(StandardCharsets.UTF_8).strip();
  }

  private Uploads.FilePart file(MultiPart.Part part, String field, String name) throws IOException {
    byte[] first = new byte[4];
    try (InputStream in = Content.Source.asInputStream(part.createContentSource())) {
      int count = in.readNBytes(first, 0, first.length);
      if (count == first.length && Zips.begins(first)) {
        Path file = newFile();
        part.writeTo(file);
        return zip(field, name, file);
      }
    }
    return new Uploads.FilePart(
        field, name, List.of(new Upload(name, () -> content(part, name))), false);
  }

  private byte[] content(MultiPart.Part part, String name) {
    if (part.getLength() > rules.image()) {
      throw new AccreteException(
          "'" + name + "' is longer than " + rules.image() + " bytes; scale it down");
    }
    try {
      ByteBuffer content = Content.Source.asByteBuffer(part.createContentSource());
      byte[] bytes = new byte[content.remaining()];
      content.get(bytes);
      return bytes;
    } catch (IOException e) {
      throw new AccreteException("'" + name + "' cannot be read: " + e.getMessage(), e);
    }
  }

  private Problem refused(CompletionException failure) {
    Throwable cause = failure.getCause();
    if (cause instanceof IOException io && !(io instanceof java.io.EOFException)) {
      return Exchange.unread(io);
    }
    if (cause instanceof IllegalStateException) {
      // The parser's word for a form beyond its limits.
      return Problem.of(
          413,
          "too_large",
          "the form is beyond its limits ("
              + cause.getMessage()
              + "): send it in several requests");
    }
    return Exchange.unread(cause == null ? failure : cause);
  }

  @Override
  public void close() {
    for (AutoCloseable resource : open) {
      try {
        resource.close();
      } catch (Exception e) {
        LOG.warn("an upload is not closed: {}", e.toString());
      }
    }
    for (Path file : files) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        LOG.warn("{} is left behind: {}", file, e.toString());
      }
    }
  }
}
