package dev.accrete.cl.strategy;

import dev.accrete.core.AccreteException;
import dev.accrete.nn.LayerMoments;
import dev.accrete.nn.LayerSet;
import dev.accrete.nn.Learner;
import dev.accrete.nn.Model;
import dev.accrete.nn.Network;
import dev.accrete.nn.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Makes a {@link Model} of what a strategy has learned: of the classes seen and no others. */
public final class ModelExport {
  /** A little below what a head's weights may be. */
  private static final double LARGEST_WEIGHT = 9e4;

  private final Learner learner;
  private final int[] rows;
  private final String architecture;
  private final List<String> names;
  private final Map<String, String> provenance;

  ModelExport(
      Learner learner,
      boolean[] seen,
      String architecture,
      List<String> classNames,
      Map<String, String> provenance) {
    this.learner = learner;
    this.architecture = architecture;
    this.provenance = provenance;
    rows = IntStream.range(0, seen.length).filter(c -> seen[c]).toArray();
    if (rows.length == 0) {
      throw new IllegalStateException(
          "nothing is known, so there is no model to give: learn some images first");
    }
    names = Arrays.stream(rows).mapToObj(classNames::get).toList();
  }

  /** The network as it is. */
  public Model network() {
    return model(Weights.of(learner).withHeadRows(learner.network(), rows));
  }

  /**
   * The network below its head, under a linear discriminant of its features.
   *
   * @param weights one row for each class of the network
   * @param bias one number for each class of the network
   */
  public Model discriminant(double[][] weights, double[] bias) {
    return discriminant(weights, bias, 1);
  }

  private Model discriminant(double[][] weights, double[] bias, double temperature) {
    Network network = learner.network();
    Weights selected = Weights.of(learner).withHeadRows(network, rows);
    int from = network.head().offset();
    int features = network.featureSize();
    double scale = scale(weights);
    float[] rowBias = new float[rows.length];
    for (int k = 0; k < rows.length; k++) {
      rowBias[k] = (float) (bias[rows[k]] / scale);
      for (int i = 0; i < features; i++) {
        selected.parameters()[from + k * features + i] = (float) (weights[rows[k]][i] / scale);
      }
    }
    return model(selected).withBias(rowBias).withTemperature((float) (temperature / scale));
  }

  /**
   * What a discriminant and its temperature are divided by: a power of two, so that no bit of a
   * probability changes. Where a feature hardly varies, rows are larger than trained weights are.
   */
  private double scale(double[][] weights) {
    double largest =
        IntStream.of(rows)
            .mapToDouble(row -> Arrays.stream(weights[row]).map(Math::abs).max().orElse(0))
            .max()
            .orElse(0);
    return largest > LARGEST_WEIGHT && Double.isFinite(largest)
        ? Math.scalb(1.0, Math.getExponent(largest / LARGEST_WEIGHT) + 1)
        : 1;
  }

  /**
   * The network below its head, under a linear discriminant of moments of its layers; of what the
   * head reads, it takes the head's place.
   *
   * @param weights one row for each class of the network
   * @param bias one number for each class of the network
   * @param temperature what scores are divided by
   */
  Model discriminant(
      LayerMoments moments,
      boolean mirrored,
      double[][] weights,
      double[] bias,
      double temperature) {
    Network network = learner.network();
    if (!mirrored && moments.equals(LayerMoments.of(network, LayerSet.LAST))) {
      return discriminant(weights, bias, temperature);
    }
    Weights selected = Weights.of(learner).withHeadRows(network, rows);
    int from = network.head().offset();
    Arrays.fill(selected.parameters(), from, selected.parameters().length, 0f);
    int size = moments.size(network);
    float[] head = new float[rows.length * size];
    float[] rowBias = new float[rows.length];
    for (int k = 0; k < rows.length; k++) {
      rowBias[k] = (float) bias[rows[k]];
      for (int i = 0; i < size; i++) {
        head[k * size + i] = (float) weights[rows[k]][i];
      }
    }
    return model(selected)
        .withBias(rowBias)
        .withMoments(moments, mirrored, head)
        .withTemperature((float) temperature);
  }

  private Model model(Weights weights) {
    Network network = learner.network();
    Model model =
        Model.of(architecture, network.height(), names, weights, learner.preprocessing())
            .withProvenance(provenance);
    if (!model.network().model().equals(network.model())) {
      throw new AccreteException(
          "architecture " + architecture + " is not that of " + network + ": name its own");
    }
    return model;
  }
}
