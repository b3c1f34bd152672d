package dev.accrete.cl.pretrain;

import dev.accrete.nn.Learner;
import dev.accrete.nn.Network;
import dev.accrete.nn.Weights;
import java.util.ArrayList;
import java.util.List;

/** What a training has reached, whole: with the recipe it determines all that follows. */
@SuppressWarnings("ArrayRecordComponent") // flat buffers of millions, never compared
record PretrainState(
    float[] weights,
    float[] moments,
    float[] momentum,
    int epoch,
    int stepInEpoch,
    double lossSum,
    double lastTrainLoss,
    double seconds,
    List<Double> validationByEpoch) {

  static PretrainState initial(Network network, Weights start) {
    return new PretrainState(
        start.parameters(),
        start.moments(),
        new float[network.parameters().size()],
        0,
        0,
        0,
        Double.NaN,
        0,
        List.of());
  }

  PretrainState advance(Learner learner, int step, double loss, double spent) {
    return new PretrainState(
        learner.snapshot(learner.variables().weights()),
        learner.snapshot(learner.variables().moments()),
        learner.snapshot(learner.variables().momentum()),
        epoch,
        step,
        loss,
        lastTrainLoss,
        spent,
        validationByEpoch);
  }

  PretrainState endEpoch(double accuracy) {
    List<Double> accuracies = new ArrayList<>(validationByEpoch);
    accuracies.add(accuracy);
    return new PretrainState(
        weights,
        moments,
        momentum,
        epoch + 1,
        0,
        0,
        lossSum / Math.max(1, stepInEpoch),
        seconds,
        List.copyOf(accuracies));
  }
}
