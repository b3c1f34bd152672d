package dev.accrete.nn.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.accrete.core.AccreteException;
import dev.accrete.nn.io.CaffeModel.Blob;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CaffeModelTest {
  /** One layer of each generation, with blobs in every encoding there is. */
  private static byte[] sample() {
    ProtoWriter modern =
        new ProtoWriter()
            .string(1, "conv1")
            .string(2, "Convolution")
            .message(
                7,
                new ProtoWriter()
                    .message(7, new ProtoWriter().number(1, 2).number(1, 1).number(1, 2))
                    .packed(5, 1, 2, 3, 4))
            .message(
                7,
                new ProtoWriter()
                    .message(7, new ProtoWriter().bytes(1, new byte[] {2}))
                    .unpacked(5, 5, 6));
    ProtoWriter old =
        new ProtoWriter()
            .string(4, "fc")
            .message(
                6,
                new ProtoWriter()
                    .number(1, 1)
                    .number(2, 1)
                    .number(3, 1)
                    .number(4, 3)
                    .packedDoubles(8, 7, 8, 9));
    ProtoWriter withoutBlobs = new ProtoWriter().string(1, "relu1").string(2, "ReLU");
    return new ProtoWriter()
        .string(1, "a net")
        .message(100, modern)
        .message(100, withoutBlobs)
        .message(2, old)
        .number(5, 1)
        .toBytes();
  }

  @Test
  void readsBothGenerationsAndAllEncodings() {
    CaffeModel model = CaffeModel.decode("sample", sample());
    assertThat(model.layers().keySet()).containsExactly("conv1", "fc");
    List<Blob> conv = model.blobs("conv1", 2);
    assertThat(conv.get(0).shape()).containsExactly(2L, 1L, 2L);
    assertThat(conv.get(0).squeezed()).containsExactly(2L, 2L);
    assertThat(conv.get(0).values()).containsExactly(1, 2, 3, 4);
    assertThat(conv.get(1).values()).containsExactly(5, 6);
    Blob fc = model.blobs("fc", 1).get(0);
    assertThat(fc.shape()).containsExactly(1L, 1L, 1L, 3L);
    assertThat(fc.values()).containsExactly(7, 8, 9);
  }

  @Test
  void missingBlobsAreNamed() {
    CaffeModel model = CaffeModel.decode("sample", sample());
    assertThatThrownBy(() -> model.blobs("conv1", 3))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("'conv1' has 2 blobs, needed are 3");
    assertThatThrownBy(() -> model.blobs("conv9", 1)).hasMessageContaining("[conv1, fc]");
  }

  @Test
  void everyTruncationInsideALayerIsAnError() {
    byte[] bytes = sample();
    int errors = 0;
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      Throwable thrown = catchThrowable(() -> CaffeModel.decode("cut.caffemodel", cut));
      if (thrown != null) {
        errors++;
        assertThat(thrown)
            .isInstanceOf(AccreteException.class)
            .hasMessageContaining("cut.caffemodel");
      }
    }
    // A message that ends between two top-level fields is sound protobuf.
    assertThat(errors).isGreaterThan(bytes.length - 5);
  }

  @Property(tries = 2000)
  void damageGivesAnErrorOrAModel(@ForAll @IntRange(max = 300) int position, @ForAll byte value) {
    byte[] bytes = sample();
    bytes[position % bytes.length] = value;
    Throwable thrown = catchThrowable(() -> CaffeModel.decode("damaged", bytes));
    if (thrown != null) {
      assertThat(thrown).isInstanceOf(AccreteException.class).hasMessageContaining("damaged");
    }
  }

  @Test
  void extentsMustMatchTheNumbersPresent() {
    ProtoWriter huge =
        new ProtoWriter()
            .message(7, new ProtoWriter().number(1, 1L << 31).number(1, 1L << 31))
            .packed(5, 1);
    assertThatThrownBy(() -> CaffeModel.decode("huge", layer(huge)))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("extents");
    ProtoWriter few = new ProtoWriter().message(7, new ProtoWriter().number(1, 3)).packed(5, 1, 2);
    assertThatThrownBy(() -> CaffeModel.decode("few", layer(few)))
        .hasMessageContaining("[3] with 2 numbers");
    ProtoWriter uneven =
        new ProtoWriter().message(7, new ProtoWriter().number(1, 1)).bytes(5, new byte[5]);
    assertThatThrownBy(() -> CaffeModel.decode("uneven", layer(uneven)))
        .hasMessageContaining("uneven");
  }

  private static byte[] layer(ProtoWriter blob) {
    return new ProtoWriter()
        .message(100, new ProtoWriter().string(1, "x").message(7, blob))
        .toBytes();
  }

  @Test
  void otherFilesAreRefused() {
    assertThatThrownBy(
            () -> CaffeModel.decode("text", "name: \"net\"".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(AccreteException.class);
    assertThatThrownBy(() -> CaffeModel.decode("empty", new byte[0]))
        .hasMessageContaining("no layer with weights");
  }
}
