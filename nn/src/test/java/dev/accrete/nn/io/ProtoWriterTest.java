package dev.accrete.nn.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ProtoWriterTest {
  /** The examples of protobuf.dev/programming-guides/encoding. */
  @Test
  void theExamplesOfTheGuide() {
    assertThat(hex(new ProtoWriter().number(1, 150))).isEqualTo("089601");
    assertThat(hex(new ProtoWriter().string(2, "testing"))).isEqualTo("120774657374696e67");
    assertThat(hex(new ProtoWriter().message(3, new ProtoWriter().number(1, 150))))
        .isEqualTo("1a03089601");
    assertThat(hex(new ProtoWriter().number(1, -2))).isEqualTo("08feffffffffffffffff01");
  }

  private static String hex(ProtoWriter message) {
    assertThat(message.size()).isEqualTo(message.toBytes().length);
    return HexFormat.of().formatHex(message.toBytes());
  }

  @Test
  void largeFieldsAreKeptHoweverDeepTheyLie() {
    byte[] large = new byte[100_000];
    Arrays.fill(large, (byte) 7);
    ProtoWriter inner = new ProtoWriter().number(1, 1).bytes(2, large).string(3, "behind");
    ProtoWriter outer = new ProtoWriter().string(1, "before").message(2, inner);
    outer.message(2, inner).number(3, 5);
    assertThat(outer.parts()).filteredOn(part -> part == large).hasSize(2);

    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    outer.parts().forEach(joined::writeBytes);
    assertThat(outer.toBytes()).isEqualTo(joined.toByteArray()).hasSize((int) outer.size());
    WireReader reader = new WireReader("test", ByteBuffer.wrap(outer.toBytes()));
    assertThat(reader.next()).isTrue();
    assertThat(reader.string()).isEqualTo("before");
    for (int i = 0; i < 2; i++) {
      assertThat(reader.next()).isTrue();
      WireReader message = reader.message();
      assertThat(message.next()).isTrue();
      assertThat(message.varint()).isEqualTo(1);
      assertThat(message.next()).isTrue();
      assertThat(message.bytes()).isEqualTo(ByteBuffer.wrap(large));
      assertThat(message.next()).isTrue();
      assertThat(message.string()).isEqualTo("behind");
      assertThat(message.next()).isFalse();
    }
    assertThat(reader.next()).isTrue();
    assertThat(reader.varint()).isEqualTo(5);
    assertThat(reader.next()).isFalse();
  }
}
