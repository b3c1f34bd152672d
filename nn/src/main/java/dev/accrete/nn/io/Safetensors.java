package dev.accrete.nn.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.accrete.core.AccreteException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The safetensors format: 8 bytes of header length, a JSON header, then the tensors' bytes, all
 * little-endian (github.com/huggingface/safetensors). Files are not trusted: every number is
 * checked against the size of the file before anything is allocated by it.
 */
public final class Safetensors {
  private static final int ALIGNMENT = 8;
  private static final JsonFactory JSON = new JsonFactory();

  private Safetensors() {}

  /**
   * Reads a file.
   *
   * @throws AccreteException if it cannot be read or is not sound, naming file, tensor and remedy
   */
  public static TensorFile read(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      FileSize.checkHeap(file, channel.size(), 1);
      return read(
          file.toString(),
          channel.size(),
          (at, into) -> {
            ByteBuffer buffer = ByteBuffer.wrap(into);
            while (buffer.hasRemaining()) {
              if (channel.read(buffer, at + buffer.position()) < 0) {
                throw new IOException("the file shrank while it was read");
              }
            }
          });
    } catch (IOException e) {
      throw new AccreteException(
          "cannot read " + file + " (" + AtomicFiles.reason(e) + "); check the path and its rights",
          e);
    }
  }

  /**
   * Reads from memory.
   *
   * @param source what the bytes are, for errors
   * @throws AccreteException if they are not sound
   */
  public static TensorFile decode(String source, byte[] bytes) {
    try {
      return read(
          source,
          bytes.length,
          (at, into) -> System.arraycopy(bytes, (int) at, into, 0, into.length));
    } catch (IOException e) {
      throw new AccreteException("cannot read " + source + ": " + e.getMessage(), e);
    }
  }

  /** Random access to what is read. */
  private interface Bytes {
    void read(long at, byte[] into) throws IOException;
  }

  private static TensorFile read(String source, long size, Bytes bytes) throws IOException {
    if (size < Long.BYTES) {
      throw SafetensorsHeader.broken(source, "it has only " + size + " bytes");
    }
    byte[] lengthBytes = new byte[Long.BYTES];
    bytes.read(0, lengthBytes);
    long length = ByteBuffer.wrap(lengthBytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 2 || length > SafetensorsHeader.LARGEST || length > size - Long.BYTES) {
      throw SafetensorsHeader.broken(
          source, "its header claims " + Long.toUnsignedString(length) + " bytes of " + size);
    }
    byte[] headerBytes = new byte[(int) length];
    bytes.read(Long.BYTES, headerBytes);
    long dataStart = Long.BYTES + length;
    SafetensorsHeader header = SafetensorsHeader.parse(source, headerBytes, size - dataStart);
    LinkedHashMap<String, StoredTensor> tensors = new LinkedHashMap<>();
    for (SafetensorsHeader.Entry entry : header.entries()) {
      byte[] data = new byte[(int) (entry.end() - entry.begin())];
      bytes.read(dataStart + entry.begin(), data);
      tensors.put(entry.name(), new StoredTensor(entry.type(), entry.shape(), data));
    }
    return new TensorFile(source, tensors, header.metadata());
  }

  /**
   * Writes a file atomically; equal contents give equal bytes.
   *
   * @throws AccreteException if it cannot be written; an old file of that name is then untouched
   */
  public static void write(Path file, TensorFile contents) {
    AtomicFiles.write(file, parts(contents));
  }

  /** The bytes {@link #write} writes. */
  public static byte[] encode(TensorFile contents) {
    List<byte[]> parts = parts(contents);
    ByteBuffer all =
        ByteBuffer.allocate(
            Math.toIntExact(parts.stream().mapToLong(part -> (long) part.length).sum()));
    parts.forEach(all::put);
    return all.array();
  }

  /** SHA-256 of the bytes {@link #write} writes, in lower-case hexadecimal. */
  public static String sha256(TensorFile contents) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      parts(contents).forEach(digest::update);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static List<byte[]> parts(TensorFile contents) {
    List<Map.Entry<String, StoredTensor>> tensors = new ArrayList<>(contents.tensors().entrySet());
    // Wide types first keep every tensor aligned to its own elements; the name makes the order
    // total.
    tensors.sort(
        Comparator.comparing((Map.Entry<String, StoredTensor> e) -> -e.getValue().type().bytes())
            .thenComparing(e -> e.getValue().type())
            .thenComparing(Map.Entry::getKey));
    byte[] header = header(contents.metadata(), tensors);
    byte[] length =
        ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .array();
    List<byte[]> parts = new ArrayList<>(List.of(length, header));
    tensors.forEach(e -> parts.add(e.getValue().data()));
    return parts;
  }

  private static byte[] header(
      Map<String, String> metadata, List<Map.Entry<String, StoredTensor>> tensors) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart(SafetensorsHeader.METADATA);
        for (Map.Entry<String, String> remark : metadata.entrySet()) {
          json.writeStringField(remark.getKey(), remark.getValue());
        }
        json.writeEndObject();
      }
      long begin = 0;
      for (Map.Entry<String, StoredTensor> entry : tensors) {
        long end = begin + entry.getValue().data().length;
        writeEntry(json, entry.getKey(), entry.getValue(), begin, end);
        begin = end;
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    while (out.size() % ALIGNMENT != 0) {
      out.write(' ');
    }
    return out.toByteArray();
  }

  private static void writeEntry(
      JsonGenerator json, String name, StoredTensor tensor, long begin, long end)
      throws IOException {
    if (name.equals(SafetensorsHeader.METADATA)) {
      throw new IllegalArgumentException("a tensor cannot be named " + name);
    }
    json.writeObjectFieldStart(name);
    json.writeStringField(SafetensorsHeader.DTYPE, tensor.type().name());
    json.writeArrayFieldStart(SafetensorsHeader.SHAPE);
    for (int extent : tensor.shape()) {
      json.writeNumber(extent);
    }
    json.writeEndArray();
    json.writeArrayFieldStart(SafetensorsHeader.OFFSETS);
    json.writeNumber(begin);
    json.writeNumber(end);
    json.writeEndArray();
    json.writeEndObject();
  }
}
