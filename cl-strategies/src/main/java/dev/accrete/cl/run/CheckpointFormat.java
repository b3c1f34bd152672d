package dev.accrete.cl.run;

import dev.accrete.cl.metrics.ConfusionMatrix;
import dev.accrete.cl.metrics.Forgetting;
import dev.accrete.cl.strategy.StateWriter;
import dev.accrete.cl.strategy.Strategy;
import dev.accrete.core.AccreteException;
import dev.accrete.nn.io.StoredTensor;
import dev.accrete.nn.io.TensorFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Checkpoints as safetensors: the strategy's arrays under {@code state/}, the ledger under {@code
 * ledger/} (doubles by their bits, so that they come back exactly), and a SHA-256 of everything.
 */
final class CheckpointFormat {
  private static final String FORMAT = "format";
  private static final String VERSION = "accrete-checkpoint-1";
  private static final String STRATEGY = "strategy";
  private static final String INPUTS = "inputs";
  private static final String STATE_DIGEST = "state-sha256";
  private static final String DIGEST = "sha256";
  private static final String ROWS = "ledger/rows";
  private static final String FORGETTING = "ledger/forgetting";
  private static final String CONFUSION = "ledger/confusion";

  private CheckpointFormat() {}

  /** Saves a strategy, noting the digest of its state in the ledger. */
  static TensorFile encode(Strategy strategy, Ledger ledger, String inputs) {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    strategy.save(new Collector(tensors));
    String stateDigest = digest(tensors, Map.of());
    ledger.stateDigest(stateDigest);

    tensors.put(ROWS, StoredTensor.of(LedgerRows.pack(ledger.rows())));
    tensors.put(FORGETTING, StoredTensor.of(bits(ledger.forgetting().state())));
    tensors.put(
        CONFUSION,
        StoredTensor.of(ledger.confusion().map(CheckpointFormat::flat).orElse(new long[0])));
    Map<String, String> metadata = new TreeMap<>();
    metadata.put(FORMAT, VERSION);
    metadata.put(STRATEGY, ledger.strategy());
    metadata.put(INPUTS, inputs);
    metadata.put(STATE_DIGEST, stateDigest);
    metadata.put(DIGEST, digest(tensors, metadata));
    return TensorFile.of(tensors, metadata);
  }

  /**
   * Reads what {@link #encode} made.
   *
   * @throws AccreteException if it is not a checkpoint of {@code strategy} or was damaged
   */
  static Checkpoint decode(TensorFile file, String strategy) {
    Map<String, String> metadata = new TreeMap<>(file.metadata());
    require(file, VERSION.equals(metadata.get(FORMAT)), "it is not a checkpoint of this version");
    String digest = String.valueOf(metadata.remove(DIGEST));
    require(file, digest.equals(digest(file.tensors(), metadata)), "its checksum does not match");
    require(
        file,
        strategy.equals(metadata.get(STRATEGY)),
        "it belongs to strategy " + metadata.get(STRATEGY) + ", not " + strategy);
    long[] confusion = file.tensor(CONFUSION).longs();
    Ledger ledger =
        new Ledger(
            strategy,
            LedgerRows.unpack(strategy, file.tensor(ROWS).longs()),
            Forgetting.ofState(doubles(file.tensor(FORGETTING).longs())),
            confusion.length == 0 ? Optional.empty() : Optional.of(square(confusion)),
            String.valueOf(metadata.get(STATE_DIGEST)));
    return new Checkpoint(ledger, String.valueOf(metadata.get(INPUTS)), file);
  }

  private static void require(TensorFile file, boolean sound, String problem) {
    if (!sound) {
      throw new AccreteException(file.source() + " is damaged or foreign: " + problem);
    }
  }

  /** Collects what a strategy saves. */
  private record Collector(Map<String, StoredTensor> tensors) implements StateWriter {
    @Override
    public void put(String name, float[] values) {
      put(name, StoredTensor.of(values));
    }

    @Override
    public void put(String name, long[] values) {
      put(name, StoredTensor.of(values));
    }

    @Override
    public void put(String name, byte[] values) {
      put(name, StoredTensor.of(values));
    }

    private void put(String name, StoredTensor tensor) {
      if (tensors.put(Checkpoint.STATE + name, tensor) != null) {
        throw new IllegalArgumentException("the state has two arrays named " + name);
      }
    }
  }

  private static String digest(Map<String, StoredTensor> tensors, Map<String, String> metadata) {
    MessageDigest sha;
    try {
      sha = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java runtime lacks SHA-256", e);
    }
    new TreeMap<>(metadata).forEach((name, value) -> update(sha, name + "=" + value));
    new TreeMap<>(tensors)
        .forEach(
            (name, tensor) -> {
              update(sha, name + ":" + tensor);
              sha.update(tensor.bytes());
            });
    return HexFormat.of().formatHex(sha.digest());
  }

  private static void update(MessageDigest sha, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    sha.update(bytes);
  }

  private static long[] bits(double[] values) {
    return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
  }

  private static double[] doubles(long[] bits) {
    return Arrays.stream(bits).mapToDouble(Double::longBitsToDouble).toArray();
  }

  private static long[] flat(ConfusionMatrix matrix) {
    return Arrays.stream(matrix.toArray()).flatMapToLong(Arrays::stream).toArray();
  }

  private static ConfusionMatrix square(long[] counts) {
    int classes = (int) Math.round(Math.sqrt(counts.length));
    ConfusionMatrix matrix = new ConfusionMatrix(classes);
    for (int i = 0; i < counts.length; i++) {
      matrix.add(i / classes, i % classes, counts[i]);
    }
    return matrix;
  }
}
