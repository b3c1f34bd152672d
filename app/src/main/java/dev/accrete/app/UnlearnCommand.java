package dev.accrete.app;

import dev.accrete.cl.data.DataSpec;
import dev.accrete.cl.data.ImageSet;
import dev.accrete.cl.data.PackOptions;
import dev.accrete.cl.data.PackedImages;
import dev.accrete.cl.learner.ContinualLearner;
import dev.accrete.cl.strategy.Cost;
import dev.accrete.core.AccreteException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code accrete unlearn}: images that were learned, as if they never had been. */
@Command(
    name = "unlearn",
    description =
        "Takes images out of the learner in a folder, which is then, up to rounding, as if it had"
            + " never seen them, and makes its model anew. The strategy must be one whose knowledge"
            + " is a sum over images: analytic, slda. How sure the model may be is measured anew"
            + " with the next day. Copies of the learner, and models made before, are not touched.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true)
final class UnlearnCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private LearnerOptions learners;

  @Option(
      names = "--data",
      paramLabel = "DATA",
      required = true,
      description =
          "The images, as 'learn' took them: images:DIR with a folder for each class. All of them"
              + " must have been learned under these names; else nothing is forgotten.")
  private String data;

  @Override
  public Integer call() {
    learners.prepare();
    DataSpec source = Failures.settings(spec, () -> DataSpec.parse(data));
    return learners.change(
        source.folder().stream().toList(),
        (learner, engine) -> {
          if (!learner.canForget()) {
            throw new AccreteException(
                learner.config().strategy()
                    + " cannot forget: learn anew without these images, or with a strategy that"
                    + " can, such as analytic");
          }
          return forget(learner, source.open().day(learner.config().imageSize()));
        });
  }

  private String forget(ContinualLearner learner, ImageSet images) {
    try (Progress progress = new Progress(Console.of(spec));
        PackedImages packed =
            PackedImages.of(
                images, PackOptions.defaults().reportingTo(progress.images(images.name())))) {
      Cost cost = learner.forget(packed, progress.images("what to forget"));
      int copies = learner.known(packed);
      List<String> gone =
          learner.images() == 0
              ? learner.classes()
              : learner.classes().stream()
                  .filter(name -> !learner.model().classes().contains(name))
                  .toList();
      return String.format(
          Locale.ROOT,
          "forgot %d images in %.1f s, %d are left%s%s",
          packed.size(),
          cost.seconds(),
          learner.images(),
          gone.isEmpty() ? "" : ", none of " + String.join(", ", gone),
          copies == 0
              ? ""
              : "; "
                  + copies
                  + " of the images were learned more than once and are still known: name those"
                  + " alone to forget them too");
    }
  }
}
