package dev.accrete.production.drift;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.nn.Model;
import dev.accrete.production.policy.IngestPolicy;
import dev.accrete.production.store.Day;
import dev.accrete.production.store.DayState;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.StoredImage;
import dev.accrete.production.store.StoredImages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * Compares a day of a store with the days before it. What is known of the images before is kept
 * beside the champion, so that only new images are looked at; it is checked against the store every
 * time, so that images that were corrected, refused or forgotten play no part.
 */
public final class DriftMonitor {
  private static final String KEPT = "drift.safetensors";
  private static final String LOOKS_ALONE = "looks";
  private static final int TOGETHER = 64;

  private final Store store;
  private final IngestPolicy policy;
  private final Backend backend;

  /** By the limits of a policy. */
  public DriftMonitor(Store store, IngestPolicy policy, Backend backend) {
    this.store = store;
    this.policy = policy;
    this.backend = backend;
  }

  /**
   * Compares a day with all days before it that are in the store, and records the result there. A
   * day beyond a limit of the policy is refused, unless a version has learned it already.
   *
   * @throws AccreteException if there is no such day
   */
  public DriftReport assess(String name) {
    Day day =
        store
            .day(name)
            .orElseThrow(() -> new AccreteException("there is no day '" + name + "' here"));
    DriftReport report = compare(day);
    store.recordDrift(name, report.toJson());
    if (report.level() == Shift.Level.REFUSE) {
      store.refuse(name, String.join("; ", report.reasons()));
    }
    return report;
  }

  private DriftReport compare(Day day) {
    Set<String> before = new HashSet<>();
    for (Day other : store.days()) {
      if (other.id() < day.id() && other.state() != DayState.REFUSED) {
        before.add(other.name());
      }
    }
    try (StoredImages images = store.images()) {
      Map<String, Integer> places = new HashMap<>();
      SortedMap<String, Integer> now = new TreeMap<>();
      SortedMap<String, Integer> then = new TreeMap<>();
      List<String> today = new ArrayList<>();
      List<String> reference = new ArrayList<>();
      for (int i = 0; i < images.size(); i++) {
        StoredImage image = images.image(i);
        boolean isToday = image.day().equals(day.name());
        if (isToday || before.contains(image.day())) {
          places.put(image.sha256(), i);
          (isToday ? now : then).merge(image.label(), 1, Integer::sum);
          (isToday ? today : reference).add(image.sha256());
        }
      }
      today = Reservoir.choose(today, policy.referenceImages());
      reference = Reservoir.choose(reference, policy.referenceImages());
      Rows rows = new Rows(images, places, reference, today);
      return new DriftDetector(policy)
          .compare(rows.sample(now, today), rows.sample(then, reference));
    }
  }

  /** What is known of images, from the last time or from looking at them now. */
  private final class Rows {
    private final StoredImages images;
    private final Map<String, float[]> byImage = new HashMap<>();
    private final int looks = ImageLook.NAMES.size();

    Rows(
        StoredImages images,
        Map<String, Integer> places,
        List<String> reference,
        List<String> today) {
      this.images = images;
      OptionalInt champion = store.aliases().champion();
      Optional<Model> model =
          champion.isPresent() ? Optional.of(store.model(champion.getAsInt())) : Optional.empty();
      String source = model.map(LatentReader::source).orElse(LOOKS_ALONE);
      int width = looks + model.map(m -> m.network().featureSize()).orElse(0);
      Set<String> wanted = new LinkedHashSet<>(reference);
      wanted.addAll(today);
      Reservoir kept = kept(source, wanted.size(), width);
      List<String> missing = new ArrayList<>();
      for (String image : wanted) {
        kept.row(image).ifPresentOrElse(row -> byImage.put(image, row), () -> missing.add(image));
      }
      if (!missing.isEmpty()) {
        look(missing, places, model);
      }
      if (champion.isPresent() && !missing.isEmpty()) {
        keep(source, width, champion.getAsInt());
      }
    }

    /** Of the latest version that something is kept beside. */
    private Reservoir kept(String source, int capacity, int width) {
      Reservoir reservoir = new Reservoir(source, Math.max(1, capacity), width);
      OptionalInt champion = store.aliases().champion();
      for (int id = champion.orElse(0); id > 0; id--) {
        Optional<Path> file = store.attachment(id, KEPT);
        if (file.isPresent()) {
          Reservoir all = new Reservoir(source, Integer.MAX_VALUE, width);
          if (read(all, file.get())) {
            return all;
          }
          break;
        }
      }
      return reservoir;
    }

    private boolean read(Reservoir reservoir, Path file) {
      try {
        return reservoir.load(file);
      } catch (AccreteException e) {
        // Looking again takes a second and is always right.
        System.getLogger(DriftMonitor.class.getName())
            .log(System.Logger.Level.DEBUG, "not used: " + file, e);
        return false;
      }
    }

    /** As many as tomorrow's reference may be. */
    private void keep(String source, int width, int champion) {
      Reservoir reservoir = new Reservoir(source, policy.referenceImages(), width);
      byImage.forEach(reservoir::offer);
      store.attach(champion, KEPT, reservoir.bytes());
    }

    private void look(List<String> missing, Map<String, Integer> places, Optional<Model> model) {
      int side = images.height();
      int bytes = 3 * side * side;
      byte[] pixels = new byte[TOGETHER * bytes];
      try (LatentReader reader = model.map(m -> new LatentReader(m, backend)).orElse(null)) {
        for (int from = 0; from < missing.size(); from += TOGETHER) {
          List<String> some = missing.subList(from, Math.min(missing.size(), from + TOGETHER));
          for (int row = 0; row < some.size(); row++) {
            images.read(places.getOrDefault(some.get(row), -1), pixels, row * bytes);
          }
          float[] latents = reader == null ? new float[0] : reader.read(pixels, some.size());
          int width = reader == null ? 0 : reader.width();
          for (int row = 0; row < some.size(); row++) {
            byte[] own = Arrays.copyOfRange(pixels, row * bytes, (row + 1) * bytes);
            double[] look = look(some.get(row), ImageLook.of(own, side)).values();
            float[] all = new float[looks + width];
            for (int i = 0; i < looks; i++) {
              all[i] = (float) look[i];
            }
            System.arraycopy(latents, row * width, all, looks, width);
            byImage.put(some.get(row), all);
          }
        }
      }
    }

    private ImageLook look(String image, ImageLook look) {
      Path file = store.original(image);
      try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
        if (in != null) {
          for (var readers = ImageIO.getImageReaders(in); readers.hasNext(); ) {
            ImageReader reader = readers.next();
            try {
              reader.setInput(in, true, true);
              return look.of(reader.getWidth(0), reader.getHeight(0));
            } finally {
              reader.dispose();
            }
          }
        }
        return look;
      } catch (IOException | IndexOutOfBoundsException e) {
        return look; // its size is not known; what it looks like is
      }
    }

    DaySample sample(SortedMap<String, Integer> classes, List<String> chosen) {
      List<ImageLook> seen = new ArrayList<>();
      List<float[]> latents = new ArrayList<>();
      for (String image : chosen) {
        float[] row = byImage.getOrDefault(image, new float[looks]);
        seen.add(new ImageLook(row[0], row[1], row[2], row[3], row[4], row[5]));
        if (row.length > looks) {
          latents.add(Arrays.copyOfRange(row, looks, row.length));
        }
      }
      return new DaySample(classes, seen, latents);
    }
  }
}
