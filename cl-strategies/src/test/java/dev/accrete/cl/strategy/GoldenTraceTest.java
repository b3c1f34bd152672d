package dev.accrete.cl.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.cl.scenario.Experience;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every strategy knows after three experiences, to the bit: whoever changes it changes
 * published figures, and has to say so. Bits of {@code vector} depend on how many lanes a processor
 * has.
 */
class GoldenTraceTest {
  private static final ImageSet TRAIN = TinyStream.images(TinyStream.CLASSES, 40, 1);
  private static final List<Experience> STREAM =
      TinyStream.experiences(TRAIN, 10, new int[] {0, 3}, new int[] {1}, new int[] {3});

  static Stream<Arguments> traces() {
    return Stream.of(
            "ar1-star",
            "ar1-star-bn",
            "ar1-free",
            "cwr-star",
            "naive",
            "cumulative",
            "slda",
            "analytic")
        .flatMap(name -> Stream.of("reference", "vector").map(b -> Arguments.of(name, b)));
  }

  @ParameterizedTest
  @MethodSource("traces")
  void isTheSameAsEver(String strategy, String backend)
      throws IOException, NoSuchAlgorithmException {
    String key =
        strategy
            + " "
            + backend
            + (backend.equals("vector") ? "-" + FloatVector.SPECIES_PREFERRED.length() : "");
    Map<String, String> golden = golden();
    assumeThat(golden).as("no trace was recorded for such a processor").containsKey(key);
    assertThat(trace(strategy, backend)).as(key).isEqualTo(golden.get(key));
  }

  private static String trace(String strategy, String backend) throws NoSuchAlgorithmException {
    try (Backend engine = Backends.create(backend, new BackendOptions(1));
        Strategy learner =
            TinyStream.quick(strategy, STREAM.size())
                .create(TinyStream.context(engine, TinyStream.network(TinyStream.CLASSES)))) {
      STREAM.forEach(experience -> learner.learn(experience, ProgressListener.NONE));
      MapState state = MapState.of(learner);
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      new TreeMap<>(state.floats)
          .forEach(
              (name, values) -> {
                ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length);
                bytes.asFloatBuffer().put(values);
                sha.update(bytes);
              });
      new TreeMap<>(state.longs)
          .forEach(
              (name, values) -> {
                if (name.matches("(moments|calibration)\\..*")) {
                  ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * values.length);
                  bytes.asLongBuffer().put(values);
                  sha.update(bytes);
                }
              });
      return HexFormat.of().formatHex(sha.digest(), 0, 16);
    }
  }

  private static Map<String, String> golden() throws IOException {
    Map<String, String> golden = new HashMap<>();
    try (InputStream in =
        Objects.requireNonNull(GoldenTraceTest.class.getResourceAsStream("golden-traces.txt"))) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        int last = line.lastIndexOf(' ');
        golden.put(line.substring(0, last), line.substring(last + 1));
      }
    }
    return golden;
  }
}
