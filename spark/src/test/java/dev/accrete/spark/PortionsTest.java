package dev.accrete.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.cl.learner.ContinualLearner;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortionsTest {
  @TempDir private Path folder;

  @Test
  void everyPortionIsADayAndWhatCannotBeLearnedIsNamed() throws IOException {
    List<EncodedImage> images = new ArrayList<>();
    for (String label : Spark.CLASSES) {
      Spark.paint(folder, label, 0, 3);
      for (int n = 0; n < 3; n++) {
        byte[] content = Files.readAllBytes(folder.resolve(label + "/" + n + ".png"));
        images.add(image(label + n, label, content));
      }
      images.add(image("broken-" + label, label, new byte[] {1, 2, 3}));
    }
    images.add(image("nobody", " ", new byte[0]));
    try (Backend backend = Backends.create(Spark.BACKEND, new BackendOptions(1));
        ContinualLearner learner = ContinualLearner.create(Spark.CONFIG, backend)) {
      Portions portions = new Portions(learner, 4);
      images.forEach(portions::add);
      portions.finish();
      portions.finish();
      assertThat(portions.learned()).isEqualTo(9);
      assertThat(portions.bad()).hasSize(4).last().asString().contains("nobody has no label");
      assertThat(learner.days()).isEqualTo(3);
      assertThat(learner.images()).isEqualTo(9);
      assertThat(learner.classes()).isEqualTo(Spark.CLASSES);
    }
  }

  private static EncodedImage image(String name, String label, byte[] content) {
    return new EncodedImage(RowFactory.create(name, label, content, null));
  }
}
