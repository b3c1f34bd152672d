package dev.accrete.cl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulatedCore50Test {
  @ParameterizedTest
  @CsvSource({
    "1, 1, 0, 64, 35b99110f2dae860",
    "3, 18, 150, 128, 0e8dfe18da11780b",
    "4, 27, 299, 64, bdfd67c066a3ba1e",
    "7, 32, 77, 64, faefecffa9855b17",
    "10, 13, 42, 128, 4c3c32700e9c4392",
    "11, 50, 4, 33, 48233511de54eab0"
  })
  void everyMachineDrawsTheSameBytes(
      int session, int object, int frame, int size, String expected) {
    byte[] image = draw(session, object, frame, size);

    assertThat(new Fingerprint("image").add(image, 0, image.length).hex().substring(0, 16))
        .isEqualTo(expected);
  }

  @Test
  void threadsDoNotDisturbEachOther() {
    byte[] alone = draw(2, 22, 100, 48);

    List<byte[]> together =
        IntStream.range(0, 24)
            .parallel()
            .mapToObj(
                i -> {
                  draw(1 + i % 11, 1 + 2 * i, i, i % 2 == 0 ? 48 : 32);
                  return draw(2, 22, 100, 48);
                })
            .toList();

    assertThat(together).allSatisfy(image -> assertThat(image).isEqualTo(alone));
  }

  @Test
  void motionIsSmoothButGoesSomewhere() {
    for (int object : new int[] {3, 9, 24, 41}) {
      double step = 0;
      for (int frame = 0; frame < 300; frame += 60) {
        step += distance(draw(1, object, frame, 32), draw(1, object, frame + 1, 32)) / 5;
      }
      double far = distance(draw(1, object, 10, 32), draw(1, object, 210, 32));
      assertThat(step).isBetween(0.5, 14.0);
      assertThat(far).isGreaterThan(2 * step);
    }
  }

  @Test
  void objectsAndSessionsDiffer() {
    Set<String> seen = new HashSet<>();
    for (int object = 1; object <= 50; object++) {
      byte[] image = draw(1, object, 150, 24);
      assertThat(seen.add(new Fingerprint("x").add(image, 0, image.length).hex())).isTrue();
    }
    for (int session = 2; session <= 11; session++) {
      assertThat(distance(draw(session, 31, 0, 24), draw(session - 1, 31, 0, 24)))
          .isGreaterThan(15);
    }
  }

  @Test
  void picturesAreNeitherDarkNorBurntOut() {
    for (int session = 1; session <= 11; session++) {
      double sum = 0;
      int burnt = 0;
      byte[] image = draw(session, 43, 120, 48);
      for (byte level : image) {
        sum += level & 255;
        burnt += (level & 255) == 255 ? 1 : 0;
      }
      assertThat(sum / image.length).as("mean of session " + session).isBetween(40.0, 210.0);
      assertThat(burnt).as("burnt out in session " + session).isLessThan(image.length / 4);
    }
  }

  @Test
  void setsAreLabelledByObject() {
    List<FrameKey> frames = List.of(new FrameKey(3, 50, 7), new FrameKey(1, 1, 0));
    ImageSet set = new SimulatedCore50().images("two", frames, 16);

    assertThat(set.label(0)).isEqualTo(49);
    assertThat(set.classNames()).hasSize(50).doesNotHaveDuplicates();
    assertThat(set.classNames().get(49)).isEqualTo("remote_control_50");
    assertThat(set.describe(0)).isEqualTo("simulated session 3, object 50, frame 7");
    assertThat(Images.read(set, 1)).isEqualTo(draw(1, 1, 0, 16));
    assertThat(set.fingerprint())
        .isNotEqualTo(new SimulatedCore50().images("two", frames, 17).fingerprint())
        .isNotEqualTo(new SimulatedCore50().images("two", frames.reversed(), 16).fingerprint());
    assertThat(new SimulatedCore50().sequence(2, 9)).hasSize(300).contains(new FrameKey(2, 9, 299));
  }

  @Test
  void requestsOutOfRangeAreRefused() {
    byte[] room = new byte[3 * 16 * 16];
    assertThatThrownBy(() -> SimulatedCore50.render(12, 1, 0, 16, room, 0))
        .hasMessageContaining("session 12");
    assertThatThrownBy(() -> SimulatedCore50.render(1, 0, 0, 16, room, 0))
        .hasMessageContaining("object 0");
    assertThatThrownBy(() -> SimulatedCore50.render(1, 1, 0, 4, room, 0))
        .hasMessageContaining("size 4");
    assertThatThrownBy(() -> SimulatedCore50.render(1, 1, 0, 16, room, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    for (int size : new int[] {-1, 0, 7, 1025, 2000}) {
      assertThatThrownBy(() -> new SimulatedCore50().images("x", List.of(), size))
          .isInstanceOf(DataException.class)
          .hasMessageContainingAll("image size " + size + " is not in 8..1024", "--image-size");
    }
  }

  private static byte[] draw(int session, int object, int frame, int size) {
    byte[] image = new byte[3 * size * size];
    SimulatedCore50.render(session, object, frame, size, image, 0);
    return image;
  }

  /** Root mean square difference in grey levels. */
  private static double distance(byte[] a, byte[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double d = (a[i] & 255) - (b[i] & 255);
      sum += d * d;
    }
    return Math.sqrt(sum / a.length);
  }
}
