package dev.accrete.production.serve;

import dev.accrete.cl.data.InMemoryImageSet;
import dev.accrete.cl.learner.ContinualLearner;
import dev.accrete.cl.learner.LearnerConfig;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.nn.Model;
import dev.accrete.nn.image.ImageException;
import dev.accrete.nn.image.Picture;
import dev.accrete.production.serve.workshop.Lesson;
import dev.accrete.production.serve.workshop.MemoryWorkshop;
import dev.accrete.production.serve.workshop.Taught;
import dev.accrete.production.serve.workshop.Upload;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Really learns: a learner for each version, in a folder of its own. */
final class LearnerTeacher implements MemoryWorkshop.Teacher {
  private final Path folder;
  private final LearnerConfig config;
  private final Backend backend;

  LearnerTeacher(Path folder, LearnerConfig config, Backend backend) {
    this.folder = folder;
    this.config = config;
    this.backend = backend;
  }

  private Path home(int version) {
    return folder.resolve("learner-" + version);
  }

  @Override
  public Model teach(
      OptionalInt base, int next, List<Lesson> lessons, List<Taught.Rejected> rejected) {
    int side = config.imageSize();
    List<Integer> labels = new ArrayList<>();
    ByteArrayOutputStream pixels = new ByteArrayOutputStream();
    for (int k = 0; k < lessons.size(); k++) {
      for (Upload upload : lessons.get(k).images()) {
        byte[] planes = new byte[3 * side * side];
        try {
          Picture.of(upload.read(), upload.name()).decode(side, planes, 0);
          pixels.writeBytes(planes);
          labels.add(k);
        } catch (ImageException e) {
          rejected.add(new Taught.Rejected(upload.name(), String.valueOf(e.getMessage())));
        }
      }
    }
    if (labels.isEmpty()) {
      throw new AccreteException("none of the images can be read: send others");
    }
    try (ContinualLearner learner =
        base.isPresent()
            ? ContinualLearner.load(home(base.getAsInt()), backend)
            : ContinualLearner.create(config, backend)) {
      learner.learn(
          new InMemoryImageSet(
              "lessons",
              side,
              side,
              lessons.stream().map(Lesson::label).toList(),
              labels.stream().mapToInt(Integer::intValue).toArray(),
              pixels.toByteArray()));
      learner.save(home(next));
      return learner.model();
    }
  }
}
