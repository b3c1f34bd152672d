package dev.accrete.app;

import dev.accrete.cl.learner.ContinualLearner;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code accrete merge}: what another learner learned. */
@Command(
    name = "merge",
    description =
        "Takes into the learner in a folder what another one learned from other images, as if it had"
            + " learned them too, and makes its model anew; the other stays as it is. Both must have"
            + " begun alike, with a strategy whose knowledge is a sum over images: analytic, slda."
            + " Classes are told by name.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true)
final class MergeCommand implements Callable<Integer> {
  @Mixin private LearnerOptions learners;

  @Parameters(index = "1", paramLabel = "OTHER", description = "The folder of the other learner.")
  private Path other;

  @Override
  public Integer call() {
    learners.prepare();
    return learners.change(
        List.of(),
        (learner, engine) -> {
          int known = learner.classes().size();
          int images = learner.images();
          try (ContinualLearner source = ContinualLearner.load(other, engine)) {
            learner.merge(source);
          }
          List<String> all = learner.classes();
          return String.format(
              Locale.ROOT,
              "merged %d images, %d in all, %d days, %d classes%s",
              learner.images() - images,
              learner.images(),
              learner.days(),
              all.size(),
              all.size() > known
                  ? ", new: " + String.join(", ", all.subList(known, all.size()))
                  : "");
        });
  }
}
