package dev.accrete.nn;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.Graph;
import dev.accrete.core.Plan;
import dev.accrete.core.Store;
import dev.accrete.nn.image.Picture;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/**
 * A {@link Model} on a backend, ready to predict. Thread-safe.
 *
 * <p>Images are decoded on the callers' threads, at the same time; the network runs under a lock,
 * for one caller after the other. A pool of compiled networks would gain nothing: a single run uses
 * all of the backend's threads, or the whole device, and each further one would hold its own
 * activations. Whoever has many images hands them over in one list.
 *
 * <p>It is compiled twice, for one image and for a mini-batch, or for {@linkplain
 * Model#openInPortions more sizes}; the same image alone and in company may differ in the last bits
 * of its probabilities, as sums are cut otherwise.
 */
public final class Predictor implements AutoCloseable {
  /** How many images the network sees at once unless told otherwise. */
  static final int MINI_BATCH = 32;

  private static final int MOST = 1 << 16;
  private static final int DECODED_CHANNELS = 3;

  private final Model model;
  private final Store store;
  private final int imageBytes;
  private final List<Plan> plans = new ArrayList<>();

  /** By mini-batch, the smallest first; the first is for one image. */
  private final List<Scorer> scorers = new ArrayList<>();

  private final boolean padded;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean closed;

  /** Runs one image alone, and more as mini-batches that are filled up. */
  static Predictor filledUp(Model model, Backend backend, int miniBatch) {
    check(miniBatch);
    return new Predictor(model, backend, miniBatch == 1 ? List.of(1) : List.of(1, miniBatch), true);
  }

  /** Runs so many images as there are, in portions that are powers of two. */
  static Predictor inPortions(Model model, Backend backend, int most) {
    check(most);
    List<Integer> sizes = new ArrayList<>();
    for (int size = 1; size <= most; size *= 2) {
      sizes.add(size);
    }
    return new Predictor(model, backend, sizes, false);
  }

  private static void check(int miniBatch) {
    if (miniBatch < 1 || miniBatch > MOST) {
      throw new IllegalArgumentException(
          "a mini-batch has 1 to " + MOST + " images, got " + miniBatch);
    }
  }

  private Predictor(Model model, Backend backend, List<Integer> sizes, boolean padded) {
    this.model = model;
    this.padded = padded;
    Network network = model.network();
    imageBytes = network.channels() * network.height() * network.width();
    Variables variables = network.variables();
    store = backend.allocate(List.of(variables.weights(), variables.moments()));
    try {
      store.write(variables.weights(), model.ownWeights().parameters());
      store.write(variables.moments(), model.ownWeights().moments());
      Inference.Host host =
          new Inference.Host(
              network, model.preprocessing(), variables, g -> compile(backend, g), Plan::close);
      sizes.forEach(size -> scorers.add(scorer(host, size)));
    } catch (RuntimeException e) {
      release();
      throw e;
    }
  }

  private Scorer scorer(Inference.Host host, int miniBatch) {
    Network network = host.network();
    return model
        .momentHead()
        .map(head -> head.open(host, miniBatch))
        .orElseGet(() -> new Inference(host, miniBatch, network.height(), network.width()));
  }

  /** The most images that the network sees at once. */
  private int most() {
    return scorers.getLast().miniBatch();
  }

  /** What runs next when so many images are left. */
  private Scorer scorer(int left) {
    if (left > 1 && padded) {
      return scorers.getLast();
    }
    int i = scorers.size() - 1;
    while (scorers.get(i).miniBatch() > left) {
      i--;
    }
    return scorers.get(i);
  }

  private Plan compile(Backend backend, Graph graph) {
    Plan plan = backend.compile(graph, store);
    plans.add(plan);
    return plan;
  }

  /** What predicts here. */
  public Model model() {
    return model;
  }

  /**
   * What the model takes an image file for.
   *
   * @throws dev.accrete.nn.image.ImageException if it cannot be read or decoded
   */
  public Prediction predict(Path file) {
    return predict(List.of(Picture.of(file))).getFirst();
  }

  /**
   * What the model takes an image for.
   *
   * @param encoded the content of an image file
   * @throws dev.accrete.nn.image.ImageException if it cannot be decoded
   */
  public Prediction predict(byte[] encoded) {
    String source = "of " + encoded.length + " bytes";
    return predict(List.of(Picture.of(encoded, source))).getFirst();
  }

  /** What the model takes an image for. */
  public Prediction predict(BufferedImage image) {
    return predict(List.of(Picture.of(image))).getFirst();
  }

  /**
   * What the model takes each of these images for, in their order.
   *
   * @throws dev.accrete.nn.image.ImageException if one cannot be decoded
   * @throws AccreteException if the model does not read square images of three channels
   */
  public List<Prediction> predict(List<Picture> images) {
    Network network = model.network();
    int size = network.height();
    if (network.channels() != DECODED_CHANNELS || network.width() != size) {
      throw new AccreteException(
          model + " reads no square images of " + DECODED_CHANNELS + " channels; hand it pixels");
    }
    List<Prediction> predictions = new ArrayList<>(images.size());
    byte[] pixels = new byte[Math.multiplyExact(Math.min(images.size(), most()), imageBytes)];
    for (int from = 0; from < images.size(); from += most()) {
      int rows = Math.min(most(), images.size() - from);
      for (int i = 0; i < rows; i++) {
        images.get(from + i).decode(size, pixels, i * imageBytes);
      }
      predictions.addAll(predictPixels(pixels, rows));
    }
    return predictions;
  }

  /**
   * What the model takes each of these images for, in their order.
   *
   * @param pixels u8 planar [rows, C, height, width] of the model's image size, red first
   * @throws IllegalArgumentException if there are fewer bytes than that
   */
  public List<Prediction> predictPixels(byte[] pixels, int rows) {
    double[] probabilities = probabilities(pixels, rows);
    int classes = model.classes().size();
    return IntStream.range(0, rows)
        .mapToObj(row -> ranked(probabilities, row * classes, classes))
        .toList();
  }

  private Prediction ranked(double[] probabilities, int from, int classes) {
    return new Prediction(
        IntStream.range(0, classes)
            .mapToObj(
                k -> new Prediction.Candidate(model.classes().get(k), probabilities[from + k]))
            .sorted(Comparator.comparingDouble(Prediction.Candidate::probability).reversed())
            .toList());
  }

  /**
   * The probability of every class for each of these images: [rows, classes], in the order of
   * {@link Model#classes()}.
   *
   * @param pixels as in {@link #predictPixels}
   * @throws NumericalException if a score is not finite
   */
  public double[] probabilities(byte[] pixels, int rows) {
    if (rows < 0 || pixels.length < (long) rows * imageBytes) {
      throw new IllegalArgumentException(
          rows
              + " images of "
              + imageBytes
              + " bytes do not fit into "
              + pixels.length
              + " bytes of pixels");
    }
    int classes = model.classes().size();
    float[] logits = new float[Math.multiplyExact(rows, classes)];
    int count;
    for (int from = 0; from < rows; from += count) {
      Scorer scorer = scorer(rows - from);
      count = Math.min(scorer.miniBatch(), rows - from);
      byte[] part = Arrays.copyOfRange(pixels, from * imageBytes, (from + count) * imageBytes);
      float[] scores = new float[count * classes];
      run(scorer, part, count, scores);
      System.arraycopy(scores, 0, logits, from * classes, scores.length);
    }
    double[] probabilities = new double[logits.length];
    for (int row = 0; row < rows; row++) {
      softmax(logits, row * classes, probabilities);
    }
    return probabilities;
  }

  private void run(Scorer scorer, byte[] pixels, int rows, float[] logits) {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("this predictor of " + model + " is closed");
      }
      scorer.run(pixels, rows, logits);
    } finally {
      lock.unlock();
    }
  }

  /** In double precision, so that the probabilities of thousands of classes still sum to 1. */
  private void softmax(float[] logits, int from, double[] probabilities) {
    float[] bias = model.ownBias();
    int classes = model.classes().size();
    double largest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < classes; k++) {
      double score = logits[from + k];
      if (bias.length > 0) {
        score += bias[k];
      }
      score /= model.temperature();
      if (!Double.isFinite(score)) {
        throw new NumericalException(
            "the score of class '"
                + model.classes().get(k)
                + "' in "
                + model
                + " is "
                + score
                + "; its weights are out of range, export it again from a sound checkpoint");
      }
      probabilities[from + k] = score;
      largest = Math.max(largest, score);
    }
    double sum = 0;
    for (int k = from; k < from + classes; k++) {
      probabilities[k] = StrictMath.exp(probabilities[k] - largest);
      sum += probabilities[k];
    }
    for (int k = from; k < from + classes; k++) {
      probabilities[k] /= sum;
    }
  }

  /** Bytes held: weights, moments and what the compiled networks need. */
  public long bytes() {
    return store.bytes() + scorers.stream().mapToLong(Scorer::bytes).sum();
  }

  /** Frees everything; the backend stays open. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        release();
      }
    } finally {
      lock.unlock();
    }
  }

  private void release() {
    plans.forEach(Plan::close);
    store.close();
  }
}
