package dev.accrete.cl.pretrain;

import dev.accrete.core.AccreteException;
import dev.accrete.nn.Network;
import dev.accrete.nn.io.Safetensors;
import dev.accrete.nn.io.StoredTensor;
import dev.accrete.nn.io.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The saved state of a pre-training: one file, replaced as a whole. */
final class PretrainCheckpoint {
  private static final String FILE = "pretrain.safetensors";

  private final Path file;

  /**
   * The state in a folder, which is made if it does not exist.
   *
   * @throws AccreteException if it cannot be made
   */
  PretrainCheckpoint(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new AccreteException(
          "cannot create folder " + folder + " for the state of the training; choose another --out",
          e);
    }
    this.file = folder.resolve(FILE);
  }

  void save(Network network, PretrainOptions options, PretrainState state) {
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
    Safetensors.write(file, TensorFile.of(tensors, Map.of("recipe", recipe(network, options))));
  }

  /**
   * The saved state, if there is one.
   *
   * @throws AccreteException if it is damaged or of another recipe
   */
  Optional<PretrainState> load(Network network, PretrainOptions options) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    TensorFile saved = Safetensors.read(file);
    String expected = recipe(network, options);
    String found = saved.metadata().getOrDefault("recipe", "none");
    if (!found.equals(expected)) {
      throw new AccreteException(
          file
              + " is the state of another training ("
              + found
              + "), this one is "
              + expected
              + "; give the same options, or another --out folder");
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

  private static String recipe(Network network, PretrainOptions options) {
    return network.parameters().count()
        + " parameters, "
        + network.classes()
        + " classes, "
        + options;
  }

  private static long[] bits(double[] values) {
    return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
  }

  private static double[] doubles(long[] bits) {
    return Arrays.stream(bits).mapToDouble(Double::longBitsToDouble).toArray();
  }
}
