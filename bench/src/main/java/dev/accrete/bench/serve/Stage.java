package dev.accrete.bench.serve;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.production.daily.Simulation;
import dev.accrete.production.daily.SimulationOptions;
import dev.accrete.production.ingest.IngestOptions;
import dev.accrete.production.ingest.Source;
import dev.accrete.production.store.Promotion;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.StoreConfig;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * A store with two versions, a third day that has not come in yet, and pictures to ask about.
 *
 * @param days folders of images
 */
record Stage(Path store, Path days) {
  private static final SimulationOptions SIMULATION = SimulationOptions.defaults().shortened(3, 10);

  /** The version that was in production first. */
  static final int FIRST = 1;

  /** The version that is in production. */
  static final int SECOND = 2;

  /** Makes it in a new folder. */
  static Stage make(Path folder) throws IOException {
    Stage stage = new Stage(folder.resolve("store"), folder.resolve("days"));
    Files.createDirectories(stage.days);
    Simulation.writeInbox(SIMULATION, stage.days, name -> ProgressListener.NONE);
    Path policy = folder.resolve("policy.yaml");
    // Frames of one video are near duplicates of each other; only equal files are left out.
    Files.writeString(policy, "ingest:\n  duplicate-distance: off\n");
    try (Store store =
            Store.init(stage.store, StoreConfig.of(SIMULATION.learner()).withPolicy(policy));
        Backend backend = Backends.create(Backends.AUTO, BackendOptions.defaults())) {
      for (int version = FIRST; version <= SECOND; version++) {
        store.ingest(
            Source.of(stage.day(version)),
            IngestOptions.defaults().withNewClasses(),
            ProgressListener.NONE);
        store.update(backend, ProgressListener.NONE);
        store.promote(version, Promotion.by("bench").because("it is made to be measured").forced());
      }
    }
    return stage;
  }

  /** The third day. */
  Path newDay() {
    return day(SECOND + 1);
  }

  private Path day(int number) {
    return days.resolve("day-00" + number);
  }

  /**
   * Pictures of the first day as JPEG.
   *
   * @param side their height and width in pixels
   */
  List<byte[]> pictures(int side) throws IOException {
    List<byte[]> pictures = new ArrayList<>();
    List<Path> files;
    try (Stream<Path> found = Files.walk(day(FIRST))) {
      files = found.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : files) {
      BufferedImage scaled = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = scaled.createGraphics();
      graphics.setRenderingHint(
          RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
      graphics.drawImage(ImageIO.read(file.toFile()), 0, 0, side, side, null);
      graphics.dispose();
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      if (!ImageIO.write(scaled, "jpeg", bytes)) {
        throw new AccreteException("this JDK writes no JPEG");
      }
      pictures.add(bytes.toByteArray());
    }
    return pictures;
  }
}
