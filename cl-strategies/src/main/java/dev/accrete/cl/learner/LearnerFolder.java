package dev.accrete.cl.learner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.InMemoryImageSet;
import dev.accrete.cl.strategy.StateTensors;
import dev.accrete.core.AccreteException;
import dev.accrete.nn.Model;
import dev.accrete.nn.Pretrained;
import dev.accrete.nn.Weights;
import dev.accrete.nn.io.Safetensors;
import dev.accrete.nn.io.StoredTensor;
import dev.accrete.nn.io.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A learner on disk: {@code start.safetensors} (what it began with), {@code learner.safetensors}
 * (all it knows; replaced as a whole, and the last to be written), and {@code days/} with the
 * images of every day as long as the strategy will ask for them again.
 */
final class LearnerFolder {
  private static final String STATE = "learner.safetensors";
  private static final String START = "start.safetensors";
  private static final String DAYS = "days";
  private static final String FORMAT = "accrete-learner-1";
  private static final String CHECK = "sha256";
  private static final String START_CHECK = "start";
  private static final String DAY_CHECKS = "dayChecks";
  private static final String CHANGE = "change";
  static final String LEARNED = "learner.images";

  /** The fingerprints of days; missing where an earlier version saved. */
  static final String FINGERPRINTS = "fingerprints";

  /** What a process locks while it learns a day. */
  static final String LOCK = "learner.lock";

  private static final ObjectMapper JSON = new ObjectMapper();

  private LearnerFolder() {}

  /** What a folder holds. */
  record Saved(
      String id,
      LearnerConfig config,
      List<String> classes,
      int days,
      List<String> fingerprints,
      List<String> changes,
      StateTensors state,
      LearnedImages learned,
      List<ImageSet> images) {}

  static boolean exists(Path folder) {
    return Files.exists(folder.resolve(STATE));
  }

  static void write(Path folder, Saved saved, Supplier<Pretrained> start) {
    try {
      requireOurs(folder, saved);
      Files.createDirectories(folder);
      Path first = folder.resolve(START);
      if (!exists(folder)) {
        begin(first, start(saved.config(), start.get()));
      }
      if (!saved.images().isEmpty()) {
        Files.createDirectories(folder.resolve(DAYS));
      }
      for (int day = 0; day < saved.images().size(); day++) {
        Path file = day(folder, day);
        // The last one may be of a day that was learned, but never saved.
        if (!Files.exists(file) || day == saved.images().size() - 1) {
          Safetensors.write(file, pack(saved.images().get(day)));
        }
      }
      List<String> checks = new ArrayList<>();
      for (int day = 0; day < saved.images().size(); day++) {
        checks.add(Safetensors.sha256(Safetensors.read(day(folder, day))));
      }
      Safetensors.write(
          folder.resolve(STATE),
          encode(saved, Safetensors.sha256(Safetensors.read(first)), checks));
      removeFrom(folder, saved.images().size());
    } catch (IOException e) {
      throw new AccreteException(
          "cannot write the learner to "
              + folder
              + " ("
              + e
              + "): check that the folder may be written to and the disk has room; what was saved"
              + " before is intact",
          e);
    }
  }

  /**
   * Removes what will not be asked for again, the last first: what is left when this is killed goes
   * the next time.
   */
  private static void removeFrom(Path folder, int first) throws IOException {
    int end = first;
    while (Files.exists(day(folder, end))) {
      end++;
    }
    for (int day = end - 1; day >= first; day--) {
      Files.delete(day(folder, day));
    }
  }

  /** Neither another learner nor what else happened to this one is overwritten. */
  private static void requireOurs(Path folder, Saved saved) throws IOException {
    if (exists(folder)) {
      TensorFile there = Safetensors.read(folder.resolve(STATE));
      if (!saved.id().equals(there.metadata().get("id"))) {
        throw new AccreteException(
            folder + " holds another learner: load that one to go on, or name another folder");
      }
      if (!saved.changes().contains(change(there))) {
        throw new AccreteException(
            folder
                + " holds this learner after "
                + remark(there, "days")
                + " days, learned or forgotten elsewhere; this is the one after "
                + saved.days()
                + ": load it again to go on");
      }
      return;
    }
    if (!Files.isDirectory(folder) || Files.exists(folder.resolve(START))) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      Optional<Path> foreign = files.filter(file -> !file.endsWith(LOCK)).findFirst();
      if (foreign.isPresent()) {
        throw new AccreteException(
            folder
                + " holds "
                + foreign.get().getFileName()
                + " and no learner: name a new or empty folder");
      }
    }
  }

  /**
   * Writes what a learner begins with, unless it is there. Another may be: of a learner that was
   * killed before it was saved, or was deleted.
   */
  private static void begin(Path file, Model start) {
    if (!Files.exists(file) || !holds(file, start)) {
      start.save(file);
    }
  }

  private static boolean holds(Path file, Model model) {
    try {
      return Model.load(file).digest().equals(model.digest());
    } catch (AccreteException e) {
      return false; // damaged
    }
  }

  /** The last that happened to the learner in a file; files of before do not tell. */
  private static String change(TensorFile contents) {
    return contents.metadata().getOrDefault(CHANGE, "");
  }

  /** The body's weights and the preprocessing; the head is drawn from the seed. */
  private static Model start(LearnerConfig config, Pretrained start) {
    Weights weights = start.weights().withHeadRows(config.network(1), 0);
    int head = config.network(1).head().offset();
    Arrays.fill(weights.parameters(), head, weights.parameters().length, 0f);
    return Model.of(
        config.architecture(),
        config.imageSize(),
        List.of("(none)"),
        weights,
        start.preprocessing());
  }

  /** SHA-256 of what learners begin with, their heads left out. */
  static String digest(LearnerConfig config, Pretrained start) {
    return start(config, start).digest();
  }

  private static Path day(Path folder, int day) {
    return folder.resolve(DAYS).resolve(String.format(Locale.ROOT, "%05d.safetensors", day + 1));
  }

  private static TensorFile pack(ImageSet images) {
    int bytes = images.channels() * images.height() * images.width();
    byte[] pixels = new byte[Math.multiplyExact(images.size(), bytes)];
    for (int i = 0; i < images.size(); i++) {
      images.read(i, pixels, i * bytes);
    }
    long[] labels = IntStream.range(0, images.size()).mapToLong(images::label).toArray();
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    tensors.put("pixels", StoredTensor.of(pixels));
    tensors.put("labels", StoredTensor.of(labels));
    return TensorFile.of(
        tensors,
        Map.of(
            "name",
            images.name(),
            "height",
            Integer.toString(images.height()),
            "width",
            Integer.toString(images.width()),
            "classes",
            json(images.classNames())));
  }

  private static ImageSet unpack(TensorFile file) {
    Map<String, String> remarks = file.metadata();
    try {
      return new InMemoryImageSet(
          remarks.getOrDefault("name", "day"),
          Integer.parseInt(remarks.getOrDefault("height", "0")),
          Integer.parseInt(remarks.getOrDefault("width", "0")),
          list(file, remarks.getOrDefault("classes", "")),
          Arrays.stream(file.tensor("labels").longs()).mapToInt(Math::toIntExact).toArray(),
          file.tensor("pixels").bytes());
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw damaged(file, String.valueOf(e.getMessage()));
    }
  }

  private static TensorFile encode(Saved saved, String start, List<String> days) {
    LearnerConfig config = saved.config();
    Map<String, String> remarks = new TreeMap<>();
    remarks.put("id", saved.id());
    remarks.put(START_CHECK, start);
    remarks.put(DAY_CHECKS, json(days));
    remarks.put("format", FORMAT);
    describe(config, remarks);
    remarks.put("classes", json(saved.classes()));
    remarks.put("days", Integer.toString(saved.days()));
    remarks.put(FINGERPRINTS, json(saved.fingerprints()));
    remarks.put("images", Integer.toString(saved.images().size()));
    remarks.put(CHANGE, saved.changes().getLast());
    Map<String, StoredTensor> tensors = new LinkedHashMap<>(saved.state().tensors());
    tensors.put(LEARNED, StoredTensor.of(saved.learned().keys()));
    remarks.put(CHECK, digest(tensors, remarks));
    return TensorFile.of(tensors, remarks);
  }

  /** Puts everything but the first weights into remarks. */
  static void describe(LearnerConfig config, Map<String, String> remarks) {
    remarks.put("architecture", config.architecture());
    remarks.put("imageSize", Integer.toString(config.imageSize()));
    remarks.put("strategy", config.strategy());
    remarks.put("settings", json(config.settings()));
    remarks.put("declared", json(config.classes()));
    remarks.put("room", Integer.toString(config.room()));
    remarks.put("seed", Long.toString(config.seed()));
    remarks.put("horizon", Integer.toString(config.horizon()));
  }

  /** Reads what {@link #describe} wrote. */
  static LearnerConfig config(TensorFile contents, String weights) {
    try {
      return new LearnerConfig(
          remark(contents, "architecture"),
          Integer.parseInt(remark(contents, "imageSize")),
          remark(contents, "strategy"),
          JSON.readValue(remark(contents, "settings"), new TypeReference<>() {}),
          list(contents, remark(contents, "declared")),
          Integer.parseInt(remark(contents, "room")),
          weights,
          Long.parseLong(remark(contents, "seed")),
          Integer.parseInt(remark(contents, "horizon")));
    } catch (NumberFormatException | JsonProcessingException e) {
      throw damaged(contents, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws AccreteException if there is no learner, or it is damaged
   */
  static Saved read(Path folder) {
    Path file = folder.resolve(STATE);
    if (!exists(folder)) {
      throw new AccreteException(
          "there is no learner in " + folder + " (no " + STATE + "): create it first");
    }
    TensorFile contents = Safetensors.read(file);
    Map<String, String> remarks = new TreeMap<>(contents.metadata());
    if (!FORMAT.equals(remarks.get("format"))) {
      throw damaged(contents, "it is no learner of this version");
    }
    String check = String.valueOf(remarks.remove(CHECK));
    if (!check.equals(digest(contents.tensors(), remarks))) {
      throw damaged(contents, "its checksum does not match");
    }
    requireSound(contents, folder.resolve(START), remark(contents, START_CHECK));
    List<String> checks = list(contents, remark(contents, DAY_CHECKS));
    try {
      List<ImageSet> images = new ArrayList<>();
      for (int day = 0; day < Integer.parseInt(remark(contents, "images")); day++) {
        images.add(unpack(requireSound(contents, day(folder, day), checks.get(day))));
      }
      return new Saved(
          remark(contents, "id"),
          config(contents, folder.resolve(START).toString()),
          list(contents, remark(contents, "classes")),
          Integer.parseInt(remark(contents, "days")),
          list(contents, remarks.getOrDefault(FINGERPRINTS, "[]")),
          List.of(change(contents)),
          new StateTensors(contents.source(), contents.tensors()),
          learned(contents),
          images);
    } catch (NumberFormatException e) {
      throw damaged(contents, String.valueOf(e.getMessage()));
    }
  }

  /** Which images were learned; versions before did not say. */
  static LearnedImages learned(TensorFile contents) {
    return Optional.ofNullable(contents.tensors().get(LEARNED))
        .map(StoredTensor::longs)
        .map(LearnedImages::of)
        .orElse(LearnedImages.none());
  }

  /** A file beside the state, as it was when the state was written. */
  private static TensorFile requireSound(TensorFile state, Path file, String check) {
    TensorFile contents = Safetensors.read(file);
    if (!Safetensors.sha256(contents).equals(check)) {
      throw damaged(contents, "it is not the one that " + state.source() + " was saved with");
    }
    return contents;
  }

  static String digest(StateTensors state) {
    return digest(state.tensors(), Map.of());
  }

  private static String digest(Map<String, StoredTensor> tensors, Map<String, String> remarks) {
    return Safetensors.sha256(TensorFile.of(new TreeMap<>(tensors), remarks));
  }

  static String remark(TensorFile contents, String name) {
    return Optional.ofNullable(contents.metadata().get(name))
        .orElseThrow(() -> damaged(contents, "it lacks '" + name + "'"));
  }

  static List<String> list(TensorFile contents, String text) {
    try {
      return JSON.readValue(text, new TypeReference<List<String>>() {});
    } catch (JsonProcessingException e) {
      throw damaged(contents, e.getOriginalMessage());
    }
  }

  static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot be written as JSON: " + value, e);
    }
  }

  static AccreteException damaged(TensorFile file, String what) {
    return new AccreteException(
        file.source() + " is damaged or foreign: " + what + "; restore it from a copy");
  }
}
