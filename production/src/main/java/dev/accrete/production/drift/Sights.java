package dev.accrete.production.drift;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.nn.Model;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/**
 * What is seen in images, by their digests: looks, then a network's features. From the last time,
 * or from looking at them now.
 */
final class Sights {
  private static final String LOOKS_ALONE = "looks";
  private static final int LOOKS = ImageLook.NAMES.size();
  private static final int TOGETHER = 64;

  private final Optional<Model> model;
  private final Backend backend;
  private final String source;
  private final int width;
  private final Map<String, float[]> rows = new HashMap<>();

  /**
   * What is known from the last time.
   *
   * @param model whose network looks, if there is one yet
   * @param memory what {@link #bytes} gave then
   */
  Sights(Optional<Model> model, Backend backend, Optional<Path> memory) {
    this.model = model;
    this.backend = backend;
    source = model.map(LatentReader::source).orElse(LOOKS_ALONE);
    width = LOOKS + model.map(m -> m.network().featureSize()).orElse(0);
    memory.ifPresent(this::recall);
  }

  private void recall(Path file) {
    try {
      Reservoir known = new Reservoir(source, Integer.MAX_VALUE, width);
      known.load(file);
      known.ids().forEach(id -> known.row(id).ifPresent(row -> rows.put(id, row)));
    } catch (AccreteException e) {
      // Looking again takes a second and is always right.
      System.getLogger(Sights.class.getName())
          .log(System.Logger.Level.DEBUG, "not used: " + file, e);
    }
  }

  /**
   * Looks at those of a set that are not known.
   *
   * @param places of the images in the set
   * @param originals by place
   */
  void look(
      ImageSet set,
      Map<String, Integer> places,
      List<String> wanted,
      IntFunction<Original> originals) {
    List<String> missing = wanted.stream().filter(image -> !rows.containsKey(image)).toList();
    if (missing.isEmpty()) {
      return;
    }
    int bytes = 3 * set.height() * set.width();
    byte[] pixels = new byte[Math.min(TOGETHER, missing.size()) * bytes];
    try (LatentReader reader = model.map(m -> new LatentReader(m, backend)).orElse(null)) {
      for (int from = 0; from < missing.size(); from += TOGETHER) {
        List<String> some = missing.subList(from, Math.min(missing.size(), from + TOGETHER));
        for (int row = 0; row < some.size(); row++) {
          set.read(places.getOrDefault(some.get(row), -1), pixels, row * bytes);
        }
        float[] latents = reader == null ? new float[0] : reader.read(pixels, some.size());
        for (int row = 0; row < some.size(); row++) {
          byte[] own = Arrays.copyOfRange(pixels, row * bytes, (row + 1) * bytes);
          ImageLook look =
              originals
                  .apply(places.getOrDefault(some.get(row), -1))
                  .sized(ImageLook.of(own, set.height()));
          rows.put(some.get(row), joined(look, latents, row));
        }
      }
    }
  }

  private float[] joined(ImageLook look, float[] latents, int row) {
    float[] all = new float[width];
    double[] values = look.values();
    for (int i = 0; i < LOOKS; i++) {
      all[i] = (float) values[i];
    }
    int features = width - LOOKS;
    System.arraycopy(latents, row * features, all, LOOKS, features);
    return all;
  }

  /** What is compared of images that were looked at. */
  DaySample sample(SortedMap<String, Integer> classes, List<String> images) {
    List<ImageLook> looks = new ArrayList<>();
    List<float[]> latents = new ArrayList<>();
    for (String image : images) {
      float[] row = rows.getOrDefault(image, new float[width]);
      looks.add(new ImageLook(row[0], row[1], row[2], row[3], row[4], row[5]));
      if (width > LOOKS) {
        latents.add(Arrays.copyOfRange(row, LOOKS, width));
      }
    }
    return new DaySample(classes, looks, latents);
  }

  /** A file of what is known of a bounded sample. */
  byte[] bytes(int most, Predicate<String> which) {
    Reservoir reservoir = new Reservoir(source, most, width);
    rows.forEach(
        (image, row) -> {
          if (which.test(image)) {
            reservoir.offer(image, row);
          }
        });
    return reservoir.bytes();
  }
}
