package dev.accrete.bench.kills;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.cl.run.InputLoader;
import dev.accrete.cl.run.RunConfig;
import dev.accrete.cl.run.RunInputs;
import dev.accrete.cl.scenario.Batch;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;

/** Writes the first days of NICv2 on the simulated CORe50 as folders of images. */
final class Inbox {
  static final String MODEL = "mobilenet-v1:0.5";
  static final int IMAGE_SIZE = 64;
  private static final int PLANES = 3;

  private Inbox() {}

  /** Writes a folder for each day, and in it one for each class. */
  static void write(Path inbox, int days, int framesEvery) throws IOException {
    RunConfig stream =
        RunConfig.defaults()
            .with(
                Map.of(
                    "scenario", "nicv2-391",
                    "first", days,
                    "data", "sim",
                    "model", MODEL,
                    "imageSize", IMAGE_SIZE,
                    "framesEvery", framesEvery,
                    "strategies", List.of("analytic")));
    try (RunInputs inputs = new InputLoader(stream, name -> ProgressListener.NONE).load()) {
      List<Batch> batches = inputs.scenario().batches();
      for (int day = 0; day < batches.size(); day++) {
        Path folder = inbox.resolve(String.format(Locale.ROOT, "day-%03d", day + 1));
        for (int index : batches.get(day).images()) {
          write(inputs.train(), index, folder);
        }
      }
    }
  }

  private static void write(ImageSet set, int index, Path day) throws IOException {
    int side = set.width();
    int plane = side * set.height();
    byte[] planes = new byte[PLANES * plane];
    set.read(index, planes, 0);
    BufferedImage image = new BufferedImage(side, set.height(), BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < plane; i++) {
      int red = planes[i] & 0xFF;
      int green = planes[plane + i] & 0xFF;
      int blue = planes[2 * plane + i] & 0xFF;
      image.setRGB(i % side, i / side, ((red << 16) | (green << 8)) | blue);
    }
    Path folder = day.resolve(set.classNames().get(set.label(index)));
    Files.createDirectories(folder);
    Path file = folder.resolve(String.format(Locale.ROOT, "%06d.png", index));
    ImageIO.write(image, "png", file.toFile());
  }
}
