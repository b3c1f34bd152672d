package dev.accrete.nn.io;

import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * The trained blobs of a {@code .caffemodel}, by layer name (caffe.proto: NetParameter,
 * LayerParameter, V1LayerParameter, BlobProto). Layers without blobs are left out.
 *
 * @param source where they were read from, for error messages
 */
public record CaffeModel(String source, SequencedMap<String, List<Blob>> layers) {
  /**
   * The longest array in Java; protobuf.dev/programming-guides/proto-limits allows a little more.
   */
  private static final long LARGEST = Integer.MAX_VALUE - 8;

  /** The file's bytes, and the numbers that are read from them. */
  private static final int BYTES_AND_NUMBERS = 2;

  private static final int NET_V1_LAYERS = 2;
  private static final int NET_LAYERS = 100;
  private static final int LAYER_NAME = 1;
  private static final int LAYER_BLOBS = 7;
  private static final int V1_LAYER_NAME = 4;
  private static final int V1_LAYER_BLOBS = 6;
  private static final int BLOB_NUM = 1;
  private static final int BLOB_WIDTH = 4;
  private static final int BLOB_DATA = 5;
  private static final int BLOB_SHAPE = 7;
  private static final int BLOB_DOUBLE_DATA = 8;
  private static final int SHAPE_DIM = 1;

  public CaffeModel {
    layers = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(layers));
  }

  /** One array of numbers with its extents, outermost first. */
  @SuppressWarnings("ArrayRecordComponent") // A carrier, never compared.
  public record Blob(List<Long> shape, float[] values) {
    public Blob {
      shape = List.copyOf(shape);
    }

    /** The extents that are not 1: old files write every blob with four. */
    public List<Long> squeezed() {
      return shape.stream().filter(extent -> extent != 1).toList();
    }
  }

  /**
   * Reads a file.
   *
   * @throws AccreteException if it cannot be read or is not sound
   */
  public static CaffeModel read(Path file) {
    try {
      long size = Files.size(file);
      FileSize.checkLimit(
          file, size, LARGEST, "protobuf, which Caffe models are written in, ends at 2 GiB");
      FileSize.checkHeap(file, size, BYTES_AND_NUMBERS);
      return decode(file.toString(), Files.readAllBytes(file));
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
  public static CaffeModel decode(String source, byte[] bytes) {
    SequencedMap<String, List<Blob>> layers = new LinkedHashMap<>();
    WireReader net = new WireReader(source, ByteBuffer.wrap(bytes));
    while (net.next()) {
      switch (net.field()) {
        case NET_LAYERS -> layer(net.message(), LAYER_NAME, LAYER_BLOBS, layers);
        case NET_V1_LAYERS -> layer(net.message(), V1_LAYER_NAME, V1_LAYER_BLOBS, layers);
        default -> net.skip();
      }
    }
    if (layers.isEmpty()) {
      throw net.broken("no layer with weights");
    }
    return new CaffeModel(source, layers);
  }

  /**
   * The blobs of a layer, of which there must be at least {@code count}.
   *
   * @throws AccreteException if there are fewer
   */
  public List<Blob> blobs(String layer, int count) {
    List<Blob> blobs = layers.getOrDefault(layer, List.of());
    if (blobs.size() < count) {
      throw new AccreteException(
          source
              + ": layer '"
              + layer
              + "' has "
              + blobs.size()
              + " blobs, needed are "
              + count
              + "; layers with weights are "
              + layers.keySet());
    }
    return blobs;
  }

  private static void layer(
      WireReader layer, int nameField, int blobsField, SequencedMap<String, List<Blob>> layers) {
    String name = "";
    List<Blob> blobs = new ArrayList<>();
    while (layer.next()) {
      if (layer.field() == nameField) {
        layer.expect(WireReader.BYTES);
        name = layer.string();
      } else if (layer.field() == blobsField) {
        blobs.add(blob(layer.message()));
      } else {
        layer.skip();
      }
    }
    if (!blobs.isEmpty() && layers.putIfAbsent(name, List.copyOf(blobs)) != null) {
      throw layer.broken("a second layer named '" + name + "'");
    }
  }

  private static Blob blob(WireReader blob) {
    long[] legacy = new long[BLOB_WIDTH];
    boolean hasLegacy = false;
    List<Long> shape = new ArrayList<>();
    Numbers numbers = new Numbers();
    while (blob.next()) {
      int field = blob.field();
      if (field >= BLOB_NUM && field <= BLOB_WIDTH) {
        blob.expect(WireReader.VARINT);
        legacy[field - BLOB_NUM] = blob.varint();
        hasLegacy = true;
      } else if (field == BLOB_DATA) {
        numbers.addFloats(blob);
      } else if (field == BLOB_DOUBLE_DATA) {
        numbers.addDoubles(blob);
      } else if (field == BLOB_SHAPE) {
        shape.addAll(shape(blob.message()));
      } else {
        blob.skip();
      }
    }
    if (shape.isEmpty() && hasLegacy) {
      Arrays.stream(legacy).forEach(shape::add);
    }
    checkSize(blob, shape, numbers.count);
    return new Blob(shape, Arrays.copyOf(numbers.values, numbers.count));
  }

  private static void checkSize(WireReader blob, List<Long> shape, int count) {
    long size = 1;
    for (long extent : shape) {
      if (extent < 1 || extent > Integer.MAX_VALUE || size > Integer.MAX_VALUE) {
        throw blob.broken("a blob of extents " + shape);
      }
      size *= extent;
    }
    if (size != count) {
      throw blob.broken("a blob of extents " + shape + " with " + count + " numbers");
    }
  }

  private static List<Long> shape(WireReader shape) {
    List<Long> extents = new ArrayList<>();
    while (shape.next()) {
      if (shape.field() != SHAPE_DIM) {
        shape.skip();
      } else if (shape.wireType() == WireReader.BYTES) {
        WireReader packed = shape.message();
        while (packed.hasRemaining()) {
          extents.add(packed.varint());
        }
      } else {
        shape.expect(WireReader.VARINT);
        extents.add(shape.varint());
      }
    }
    return extents;
  }

  /** A growing array; it never outgrows the numbers really present. */
  private static final class Numbers {
    private float[] values = {};
    private int count;

    void addFloats(WireReader blob) {
      if (blob.wireType() == WireReader.BYTES) {
        ByteBuffer packed = blob.bytes();
        require(blob, packed.remaining() % Float.BYTES == 0);
        int added = packed.remaining() / Float.BYTES;
        reserve(added);
        packed.asFloatBuffer().get(values, count, added);
        count += added;
      } else {
        blob.expect(WireReader.FIXED32);
        add(blob.fixed32());
      }
    }

    void addDoubles(WireReader blob) {
      if (blob.wireType() == WireReader.BYTES) {
        ByteBuffer packed = blob.bytes();
        require(blob, packed.remaining() % Double.BYTES == 0);
        while (packed.hasRemaining()) {
          add((float) packed.getDouble());
        }
      } else {
        blob.expect(WireReader.FIXED64);
        add((float) blob.fixed64());
      }
    }

    private void add(float value) {
      reserve(1);
      values[count++] = value;
    }

    private void reserve(int added) {
      int needed = Math.addExact(count, added);
      if (needed > values.length) {
        values = Arrays.copyOf(values, Math.max(needed, values.length + values.length / 2));
      }
    }

    private static void require(WireReader blob, boolean whole) {
      if (!whole) {
        throw blob.broken("packed numbers of uneven length");
      }
    }
  }
}
