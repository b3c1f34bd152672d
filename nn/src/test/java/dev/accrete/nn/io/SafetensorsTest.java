package dev.accrete.nn.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.accrete.core.AccreteException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
  private static final TensorFile SAMPLE =
      TensorFile.of(
          Map.of(
              "conv2_1/dw.weight",
              StoredTensor.of(StoredType.F16, new float[] {1, -2, 0.5f, 3}, 2, 1, 2),
              "labels",
              StoredTensor.of(new long[] {Long.MIN_VALUE, 7}),
              "pixels",
              StoredTensor.of(new byte[] {0, (byte) 200, 3}),
              "nothing",
              StoredTensor.of(new float[0])),
          Map.of("model", "mobilenet", "note", "\u00e9 \"quoted\""));

  /** A file of a header and as many data bytes, written by hand. */
  private static byte[] file(String header, int data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + data)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  @Test
  void readsAFileWrittenByHand() {
    byte[] bytes =
        file(
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]},"
                + "\"__metadata__\":{\"k\":\"v\"},"
                + "\"b\":{\"shape\":[],\"data_offsets\":[0,4],\"dtype\":\"I32\"}}   ",
            12);
    ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    data.putInt(bytes.length - 12, -5).putFloat(bytes.length - 8, 1.5f);
    TensorFile read = Safetensors.decode("hand", bytes);
    assertThat(read.tensors().keySet()).containsExactly("a", "b");
    assertThat(read.floats("a", 2)).containsExactly(1.5f, 0);
    assertThat(read.tensor("b").longs()).containsExactly(-5);
    assertThat(read.tensor("b").shape()).isEmpty();
    assertThat(read.metadata()).containsExactly(Map.entry("k", "v"));
  }

  /** Made with safetensors 0.8.0 (Python): save_file of six NumPy arrays of six types. */
  @Test
  void readsAFileOfTheReferenceImplementation() {
    byte[] bytes =
        Base64.getMimeDecoder()
            .decode(
                """
                cAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJrIjoidsOpIn0sImwiOnsiZHR5cGUiOiJJNjQiLCJz
                aGFwZSI6WzEsMl0sImRhdGFfb2Zmc2V0cyI6WzAsMTZdfSwiZCI6eyJkdHlwZSI6IkY2NCIsInNo
                YXBlIjpbXSwiZGF0YV9vZmZzZXRzIjpbMTYsMjRdfSwiYSI6eyJkdHlwZSI6IkYzMiIsInNoYXBl
                IjpbMiwzXSwiZGF0YV9vZmZzZXRzIjpbMjQsNDhdfSwiZSI6eyJkdHlwZSI6IkYzMiIsInNoYXBl
                IjpbMCw0XSwiZGF0YV9vZmZzZXRzIjpbNDgsNDhdfSwiaCI6eyJkdHlwZSI6IkYxNiIsInNoYXBl
                IjpbMl0sImRhdGFfb2Zmc2V0cyI6WzQ4LDUyXX0sInUiOnsiZHR5cGUiOiJVOCIsInNoYXBlIjpb
                MV0sImRhdGFfb2Zmc2V0cyI6WzUyLDUzXX19ICAgICAgIAcAAAAAAAAA9/////////8AAAAAAAAE
                QAAAAAAAAIA/AAAAQAAAQEAAAIBAAACgQAA+AMD/
                """);
    TensorFile read = Safetensors.decode("official", bytes);
    assertThat(read.floats("a", 2, 3)).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(read.floats("h", 2)).containsExactly(1.5f, -2);
    assertThat(read.floats("d")).containsExactly(2.5f);
    assertThat(read.floats("e", 0, 4)).isEmpty();
    assertThat(read.tensor("l").longs()).containsExactly(7, -9);
    assertThat(read.tensor("u").longs()).containsExactly(255);
    assertThat(read.metadata()).containsExactly(Map.entry("k", "v\u00e9"));
  }

  @Test
  void writesWhatItReads() {
    TensorFile read = Safetensors.decode("sample", Safetensors.encode(SAMPLE));
    assertThat(read.tensors()).isEqualTo(SAMPLE.tensors());
    assertThat(read.metadata()).isEqualTo(SAMPLE.metadata());
    assertThat(read.tensor("pixels").longs()).containsExactly(0, 200, 3);
  }

  @Test
  void equalContentsGiveEqualBytesWithAlignedData() {
    LinkedHashMap<String, StoredTensor> reversed = new LinkedHashMap<>();
    List.copyOf(SAMPLE.tensors().keySet())
        .reversed()
        .forEach(name -> reversed.put(name, SAMPLE.tensor(name)));
    byte[] bytes = Safetensors.encode(SAMPLE);
    assertThat(Safetensors.encode(TensorFile.of(reversed, SAMPLE.metadata()))).isEqualTo(bytes);
    long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertThat(header % 8).isZero();
  }

  @Provide
  Arbitrary<StoredTensor> tensors() {
    Arbitrary<float[]> floats = Arbitraries.floats().array(float[].class).ofMaxSize(6);
    return Combinators.combine(
            Arbitraries.of(StoredType.F64, StoredType.F32, StoredType.F16, StoredType.BF16), floats)
        .as((type, values) -> StoredTensor.of(type, values, 1, values.length));
  }

  @Property(tries = 200)
  void anythingSurvivesTheWayThroughAFile(
      @ForAll("contents") Map<String, StoredTensor> tensors, @ForAll Map<String, String> metadata) {
    TensorFile file = TensorFile.of(tensors, metadata);
    TensorFile read = Safetensors.decode("property", Safetensors.encode(file));
    assertThat(read.tensors()).isEqualTo(file.tensors());
    assertThat(read.metadata()).isEqualTo(file.metadata());
  }

  @Provide
  Arbitrary<Map<String, StoredTensor>> contents() {
    Arbitrary<String> names =
        Arbitraries.strings().ofMaxLength(12).filter(s -> !s.equals("__metadata__"));
    return Arbitraries.maps(names, tensors()).ofMaxSize(5);
  }

  @Test
  void everyTruncationIsAnErrorThatNamesTheFile() {
    byte[] bytes = Safetensors.encode(SAMPLE);
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> Safetensors.decode("cut.safetensors", cut))
          .isInstanceOf(AccreteException.class)
          .hasMessageContaining("cut.safetensors")
          .hasMessageContaining("again");
    }
  }

  @Test
  void extraBytesAreAnError() {
    byte[] bytes = Safetensors.encode(SAMPLE);
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 3);
    assertThatThrownBy(() -> Safetensors.decode("long", longer))
        .hasMessageContaining("3 bytes follow the last tensor");
  }

  /** Damage may go unnoticed, for there is no checksum, but must never do harm. */
  @Property(tries = 2000)
  void damageGivesAnErrorOrATensorFile(
      @ForAll @IntRange(max = 400) int position, @ForAll byte value, @ForAll boolean insert) {
    byte[] bytes = Safetensors.encode(SAMPLE);
    int at = position % bytes.length;
    byte[] damaged = bytes.clone();
    if (insert) {
      damaged = new byte[bytes.length + 1];
      System.arraycopy(bytes, 0, damaged, 0, at);
      System.arraycopy(bytes, at, damaged, at + 1, bytes.length - at);
    }
    damaged[at] = value;
    byte[] candidate = damaged;
    Throwable thrown = catchThrowable(() -> Safetensors.decode("damaged", candidate));
    if (thrown != null) {
      assertThat(thrown).isInstanceOf(AccreteException.class).hasMessageContaining("damaged");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,4]}}"
            + " | Duplicate",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]},\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,4]}}"
            + " | begins at byte 2 where 3",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,4]}}"
            + " | begins at byte 2 where 1",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[5],\"data_offsets\":[0,5]}} | ends at byte 5 of 4",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}} | cannot have 4 bytes",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}} | cannot have -4 bytes",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}} | negative",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[65536,65536],\"data_offsets\":[0,4]}} | cannot have 4"
            + " bytes",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2147483648],\"data_offsets\":[0,4]}} | extent",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}} | malformed",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,4]}} |"
            + " JSON",
        "{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[4],\"data_offsets\":[0,4]}} | F8_E4M3",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":1}} | unknown field"
            + " x",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}} | lacks dtype, shape or data_offsets",
        "{\"a\":[]} | START_ARRAY in place of START_OBJECT",
        "{\"__metadata__\":{\"k\":1}} | VALUE_NUMBER_INT in place of VALUE_STRING",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[[[[[[1]]]]]],\"data_offsets\":[0,4]}} | malformed",
        "{} {} | something follows",
        "[] | begin with",
        "{\"a\": | JSON",
      })
  void unsoundHeadersAreNamed(String header, String expected) {
    assertThatThrownBy(() -> Safetensors.decode("bad.safetensors", file(header, 4)))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("bad.safetensors")
        .hasMessageContaining(expected);
  }

  @Test
  void aHugeHeaderLengthAllocatesNothing() {
    for (long length : new long[] {Long.MAX_VALUE, -1, 100_000_001, 9, 1, 0}) {
      byte[] bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
      assertThatThrownBy(() -> Safetensors.decode("huge", bytes))
          .hasMessageContaining("header claims");
    }
  }

  @Test
  void aTensorWithAnEmptyExtentMayHaveHugeOthers() {
    assertThatCode(
            () ->
                Safetensors.decode(
                    "empty",
                    file(
                        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647,0],"
                            + "\"data_offsets\":[0,0]}}",
                        0)))
        .doesNotThrowAnyException();
  }

  @Test
  void missingAndMisshapenTensorsAreNamed() {
    assertThatThrownBy(() -> SAMPLE.tensor("fc7.weight"))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("fc7.weight")
        .hasMessageContaining("labels");
    assertThatThrownBy(() -> SAMPLE.floats("conv2_1/dw.weight", 4))
        .hasMessageContaining("[2, 1, 2]")
        .hasMessageContaining("[4]");
    assertThatThrownBy(() -> SAMPLE.tensor("conv2_1/dw.weight").longs())
        .hasMessageContaining("whole numbers");
  }
}
