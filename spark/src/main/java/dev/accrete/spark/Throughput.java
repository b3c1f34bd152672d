package dev.accrete.spark;

import dev.accrete.cl.data.DataSpec;
import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.PackOptions;
import dev.accrete.cl.data.PackedImages;
import dev.accrete.cl.learner.ContinualLearner;
import dev.accrete.cl.learner.LearnerConfig;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Images per second that are decoded and learned into a new learner's folder, with Spark and
 * without, on the same threads.
 */
final class Throughput {
  private final LearnerConfig config;
  private final String backend;
  private final int threads;

  Throughput(LearnerConfig config, String backend, int threads) {
    this.config = config;
    this.backend = backend;
    this.threads = threads;
  }

  /** As {@code accrete learn} does it, its cache empty. */
  double single(String folder) {
    long began = System.nanoTime();
    int images;
    try (ScratchFolder learned = ScratchFolder.create();
        ScratchFolder cache = ScratchFolder.create();
        Backend engine = Backends.create(backend, new BackendOptions(threads));
        ContinualLearner learner = ContinualLearner.create(config, engine);
        ImageSet day = DataSpec.parse("images:" + folder).open().day(config.imageSize());
        PackedImages packed = PackedImages.of(day, PackOptions.defaults().in(cache.path()))) {
      learner.learn(packed);
      images = packed.size();
      Path place = learned.path().resolve("learner");
      learner.save(place);
      learner.model().save(place.resolve(DistributedLearning.MODEL));
    }
    return perSecond(images, began);
  }

  /** As {@link DistributedLearning} does it. */
  double spread(Dataset<Row> data) {
    long began = System.nanoTime();
    try (ScratchFolder learned = ScratchFolder.create()) {
      Path place = learned.path().resolve("learner");
      return perSecond(DistributedLearning.learn(data, place, config, backend).images(), began);
    }
  }

  private static double perSecond(long images, long began) {
    return (double) images / ((System.nanoTime() - began) / 1e9);
  }
}
