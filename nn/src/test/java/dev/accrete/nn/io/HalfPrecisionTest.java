package dev.accrete.nn.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class HalfPrecisionTest {
  @Property
  void bfloat16IsTheNearestOne(@ForAll int bits) {
    float value = Float.intBitsToFloat(bits);
    float rounded = StoredType.bfloat16ToFloat(StoredType.floatToBfloat16(value));
    if (Float.isNaN(value)) {
      assertThat(rounded).isNaN();
      return;
    }
    float below = Float.intBitsToFloat(bits & 0xFFFF0000);
    float above = Float.intBitsToFloat((bits & 0xFFFF0000) + 0x10000);
    assertThat(rounded).isIn(below, above);
    if (Float.isFinite(below) && Float.isFinite(above)) {
      BigDecimal toRounded = distance(value, rounded);
      BigDecimal toOther = distance(value, rounded == below ? above : below);
      assertThat(toRounded).isLessThanOrEqualTo(toOther);
      if (toRounded.compareTo(toOther) == 0) {
        assertThat(Float.floatToRawIntBits(rounded) & 0x10000).as("ties go to even").isZero();
      }
    }
  }

  private static BigDecimal distance(float a, float b) {
    return new BigDecimal(a).subtract(new BigDecimal(b)).abs();
  }

  @Property
  void bfloat16SurvivesTheWayThroughFloat(@ForAll short bits) {
    float value = StoredType.bfloat16ToFloat(bits);
    short back = StoredType.floatToBfloat16(value);
    if (Float.isNaN(value)) {
      assertThat(StoredType.bfloat16ToFloat(back)).isNaN();
    } else {
      assertThat(back).isEqualTo(bits);
    }
  }

  @Test
  void knownValues() {
    assertThat(StoredType.floatToBfloat16(1f)).isEqualTo((short) 0x3F80);
    assertThat(StoredType.floatToBfloat16(-2f)).isEqualTo((short) 0xC000);
    assertThat(StoredType.floatToBfloat16(Float.MAX_VALUE)).isEqualTo((short) 0x7F80);
    assertThat(StoredType.floatToBfloat16(Float.intBitsToFloat(0x3F808000)))
        .isEqualTo((short) 0x3F80);
    assertThat(StoredType.floatToBfloat16(Float.intBitsToFloat(0x3F818000)))
        .isEqualTo((short) 0x3F82);
    float[] halves =
        StoredTensor.of(StoredType.F16, new float[] {1, 65504, 70000, 0.1f}, 4).floats();
    assertThat(halves).containsExactly(1, 65504, Float.POSITIVE_INFINITY, 0.099975586f);
  }
}
