package dev.accrete.cl.run;

import dev.accrete.cl.metrics.ConfusionMatrix;
import dev.accrete.cl.metrics.Forgetting;
import dev.accrete.cl.strategy.StateTensors;
import dev.accrete.cl.strategy.StateWriter;
import dev.accrete.core.AccreteException;
import dev.accrete.nn.io.StoredTensor;
import dev.accrete.nn.io.TensorFile;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Checkpoints as safetensors: the strategy's arrays under {@code state/}, the ledger under {@code
 * ledger/} (doubles by their bits, so that they come back exactly), and a SHA-256 of everything.
 */
final class CheckpointFormat {
  private static final String FORMAT = "format";
  private static final String VERSION = "accrete-checkpoint-2";
  private static final String STRATEGY = "strategy";
  private static final String ORIGIN = "origin";
  private static final String STATE = "state/";
  private static final String STATE_DIGEST = "state-sha256";
  private static final String DIGEST = "sha256";
  private static final String ROWS = "ledger/rows";
  private static final String FORGETTING = "ledger/forgetting";
  private static final String CONFUSION = "ledger/confusion";

  private CheckpointFormat() {}

  /**
   * Saves a strategy, noting the digest of its state in the ledger.
   *
   * @param state what writes the strategy's arrays
   */
  static TensorFile encode(Consumer<StateWriter> state, Ledger ledger, Origin origin) {
    StateTensors saved = new StateTensors();
    state.accept(saved);
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    saved.tensors().forEach((name, tensor) -> tensors.put(STATE + name, tensor));
    String stateDigest = digest(tensors, Map.of());
    ledger.stateDigest(stateDigest);

    tensors.put(ROWS, StoredTensor.of(LedgerRows.pack(ledger.rows())));
    tensors.put(FORGETTING, StoredTensor.of(bits(ledger.forgetting().state())));
    tensors.put(
        CONFUSION,
        StoredTensor.of(ledger.confusion().map(ConfusionMatrix::state).orElse(new long[0])));
    Map<String, String> metadata = new TreeMap<>();
    metadata.put(FORMAT, VERSION);
    metadata.put(STRATEGY, ledger.strategy());
    metadata.put(ORIGIN, origin.text());
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
            confusion.length == 0
                ? Optional.empty()
                : Optional.of(ConfusionMatrix.ofState(confusion)),
            String.valueOf(metadata.get(STATE_DIGEST)));
    Map<String, StoredTensor> state = new LinkedHashMap<>();
    file.tensors()
        .forEach(
            (name, tensor) -> {
              if (name.startsWith(STATE)) {
                state.put(name.substring(STATE.length()), tensor);
              }
            });
    return new Checkpoint(
        ledger,
        Origin.parse(String.valueOf(metadata.get(ORIGIN))),
        new StateTensors(file.source(), state),
        file.source());
  }

  private static void require(TensorFile file, boolean sound, String problem) {
    if (!sound) {
      throw new AccreteException(file.source() + " is damaged or foreign: " + problem);
    }
  }

  private static String digest(Map<String, StoredTensor> tensors, Map<String, String> metadata) {
    Sha256 sha = new Sha256();
    new TreeMap<>(metadata).forEach((name, value) -> sha.add(name + "=" + value));
    new TreeMap<>(tensors)
        .forEach((name, tensor) -> sha.add(name + ":" + tensor).addRaw(tensor.bytes()));
    return sha.hex();
  }

  private static long[] bits(double[] values) {
    return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
  }

  private static double[] doubles(long[] bits) {
    return Arrays.stream(bits).mapToDouble(Double::longBitsToDouble).toArray();
  }
}
