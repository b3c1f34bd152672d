package dev.accrete.bench.peers;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.initializer.XavierInitializer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.accrete.bench.work.TrainingWorkload;
import dev.accrete.bench.work.Worker;
import dev.accrete.bench.work.Workload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The training step of MobileNetV1 in libtorch, through DJL. */
public final class LibtorchStep implements dev.accrete.bench.work.Engine {
  private static final String SCRIPT = "accrete.bench.torchscript";

  private final Model model;
  private final Trainer trainer;
  private final Loss loss = Loss.softmaxCrossEntropyLoss();
  private final NDArray images;
  private final NDArray labels;
  private final boolean scripted;

  private LibtorchStep(TrainingWorkload workload, Optional<Path> script) {
    Engine engine = Engine.getEngine("PyTorch");
    engine.setRandomSeed((int) Workload.SEED);
    scripted = script.isPresent();
    model = Model.newInstance("mobilenet-v1", "PyTorch");
    if (scripted) {
      load(script.get());
    } else {
      model.setBlock(DjlMobileNet.block(workload.width()));
    }
    trainer = model.newTrainer(configuration());
    Shape shape = new Shape(workload.miniBatch(), 3, workload.size(), workload.size());
    if (!scripted) {
      trainer.initialize(shape);
    }
    NDManager manager = trainer.getManager();
    images = manager.randomNormal(shape);
    labels =
        manager.arange(workload.miniBatch()).mod(Workload.CLASSES).toType(DataType.FLOAT32, false);
    if (scripted) {
      leaveEvaluationMode();
    }
  }

  /**
   * Measures.
   *
   * @param arguments see {@link Worker#run}
   */
  public static void main(String[] arguments) throws IOException {
    Worker.run(
        arguments,
        workload -> {
          if (!(workload instanceof TrainingWorkload training)) {
            throw new IllegalArgumentException("libtorch is asked for training steps alone");
          }
          return new LibtorchStep(
              training, Optional.ofNullable(System.getProperty(SCRIPT)).map(Path::of));
        });
    // DJL leaves threads behind that would keep this process alive.
    System.exit(0);
  }

  private void load(Path script) {
    try {
      model.load(
          script.toAbsolutePath().getParent(),
          script.getFileName().toString(),
          Map.of("trainParam", "true"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MalformedModelException e) {
      throw new IllegalStateException(script + " is not what this DJL reads; delete it", e);
    }
  }

  private static DefaultTrainingConfig configuration() {
    return new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
        .optDevices(new Device[] {Device.cpu()})
        .optInitializer(
            new XavierInitializer(
                XavierInitializer.RandomType.GAUSSIAN, XavierInitializer.FactorType.IN, 2),
            Parameter.Type.WEIGHT)
        .optOptimizer(
            Optimizer.sgd()
                .setLearningRateTracker(Tracker.fixed(TrainingWorkload.LEARNING_RATE))
                .optMomentum(TrainingWorkload.MOMENTUM)
                .optWeightDecays(TrainingWorkload.WEIGHT_DECAY)
                .build());
  }

  /**
   * A TorchScript model trains with batch normalization in evaluation mode, and so learns nothing,
   * unless it has evaluated once: only then does DJL switch modes.
   */
  private void leaveEvaluationMode() {
    try (NDManager scope = trainer.getManager().newSubManager()) {
      NDArray one = images.get("0:1");
      one.attach(scope);
      trainer.evaluate(new NDList(one));
    }
  }

  @Override
  public String name() {
    return "libtorch "
        + Engine.getEngine("PyTorch").getVersion()
        + (scripted ? " TorchScript channels-last" : " DJL blocks");
  }

  @Override
  public long parameters() {
    return model.getBlock().getParameters().values().stream()
        .filter(Parameter::requiresGradient)
        .mapToLong(parameter -> parameter.getArray().size())
        .sum();
  }

  @Override
  public List<String> remarks() {
    return scripted
        ? List.of()
        : List.of("the peer runs DJL's own blocks, about half as fast as its TorchScript form");
  }

  @Override
  public double run() {
    try (NDManager scope = trainer.getManager().newSubManager()) {
      NDArray x = images.duplicate();
      NDArray y = labels.duplicate();
      x.attach(scope);
      y.attach(scope);
      NDArray mean;
      try (GradientCollector collector = trainer.newGradientCollector()) {
        NDList logits = trainer.forward(new NDList(x));
        mean = loss.evaluate(new NDList(y), logits);
        collector.backward(mean);
      }
      trainer.step();
      return mean.getFloat();
    }
  }

  @Override
  public void close() {
    trainer.close();
    model.close();
  }
}
