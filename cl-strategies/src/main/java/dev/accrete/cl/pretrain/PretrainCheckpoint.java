package dev.accrete.cl.pretrain;

import dev.accrete.cl.run.FolderLock;
import dev.accrete.cl.run.OutputFolder;
import dev.accrete.core.AccreteException;
import dev.accrete.nn.Network;
import dev.accrete.nn.io.Safetensors;
import dev.accrete.nn.io.StoredTensor;
import dev.accrete.nn.io.TensorFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The saved state of a pre-training: one file, replaced as a whole. It tells all that decided it,
 * so that nothing else goes on with it.
 */
final class PretrainCheckpoint {
  private static final String FILE = "pretrain.safetensors";

  private static final String LOCK = "pretrain.lock";

  private final Path folder;
  private final Path file;

  /**
   * The state in a folder, which is made if it does not exist.
   *
   * @throws AccreteException if it cannot be made, or holds files that are not of a pre-training
   */
  PretrainCheckpoint(Path folder) {
    this.folder = folder;
    this.file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      OutputFolder.create(folder, LOCK, List.of());
    }
  }

  /**
   * Keeps other trainings out of the folder.
   *
   * @throws AccreteException if one is in it
   */
  FolderLock lock() {
    return FolderLock.of(folder, LOCK);
  }

  void save(String recipe, PretrainState state) {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    tensors.put("weights", StoredTensor.of(state.weights()));
    tensors.put("moments", StoredTensor.of(state.moments()));
    tensors.put("momentum", StoredTensor.of(state.momentum()));
    tensors.put("cursor", StoredTensor.of(new long[] {state.epoch(), state.stepInEpoch()}));
    double[] progress = {state.lossSum(), state.lastTrainLoss(), state.seconds()};
    tensors.put("progress", StoredTensor.of(bits(progress)));
    double[] accuracies =
        state.validationByEpoch().stream().mapToDouble(Double::doubleValue).toArray();
    tensors.put("validation", StoredTensor.of(bits(accuracies)));
    Safetensors.write(file, TensorFile.of(tensors, Map.of("recipe", recipe)));
  }

  /**
   * The saved state, if there is one.
   *
   * @throws AccreteException if it is damaged or of another recipe
   */
  Optional<PretrainState> load(Network network, String recipe) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    TensorFile saved = Safetensors.read(file);
    String found = saved.metadata().getOrDefault("recipe", "none");
    if (!found.equals(recipe)) {
      throw new AccreteException(
          file
              + " is the state of another training ("
              + found
              + "), this one is "
              + recipe
              + "; give the same options and data, or another --out folder");
    }
    int size = network.parameters().size();
    long[] cursor = saved.tensor("cursor").longs();
    double[] progress = doubles(saved.tensor("progress").longs());
    double[] accuracies = doubles(saved.tensor("validation").longs());
    return Optional.of(
        new PretrainState(
            saved.floats("weights", size),
            saved.floats("moments", network.moments().size()),
            saved.floats("momentum", size),
            (int) cursor[0],
            (int) cursor[1],
            progress[0],
            progress[1],
            progress[2],
            List.copyOf(Arrays.stream(accuracies).boxed().toList())));
  }

  private static long[] bits(double[] values) {
    return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
  }

  private static double[] doubles(long[] bits) {
    return Arrays.stream(bits).mapToDouble(Double::longBitsToDouble).toArray();
  }
}
