package dev.accrete.spark;

import dev.accrete.core.Backend;
import dev.accrete.nn.Model;
import dev.accrete.nn.Predictor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;

/** Answers to a partition's images, a mini-batch at a time; frees its memory with the task. */
final class Answers implements Iterator<Row> {
  private static final int MINI_BATCH = 64;

  private final Iterator<Row> images;
  private final Model model;
  private final Predictor predictor;
  private final Optional<Latents> latents;
  private final ArrayDeque<Row> ready = new ArrayDeque<>();
  private final List<String> names = new ArrayList<>();
  private final int side;
  private final byte[] pixels;

  private Answers(Iterator<Row> images, Model model, boolean withLatents, Backend backend) {
    this.images = images;
    this.model = model;
    side = model.network().height();
    pixels = new byte[MINI_BATCH * 3 * side * side];
    predictor = model.open(backend, MINI_BATCH);
    latents = withLatents ? Optional.of(new Latents(model, backend, MINI_BATCH)) : Optional.empty();
    TaskContext.get()
        .addTaskCompletionListener(
            (TaskCompletionListener)
                task -> {
                  predictor.close();
                  latents.ifPresent(Latents::close);
                });
  }

  /** Answers of the model with these bytes. */
  static Iterator<Row> to(
      Iterator<Row> images, byte[] model, boolean withLatents, Backend backend) {
    if (!images.hasNext()) {
      return Collections.emptyIterator();
    }
    try (ScratchFolder folder = ScratchFolder.create()) {
      Model loaded = Model.load(folder.write("model.safetensors", model));
      return new Answers(images, loaded, withLatents, backend);
    }
  }

  @Override
  public boolean hasNext() {
    while (ready.isEmpty() && images.hasNext()) {
      fill();
    }
    return !ready.isEmpty();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.remove();
  }

  private void fill() {
    names.clear();
    while (images.hasNext() && names.size() < MINI_BATCH) {
      EncodedImage image = new EncodedImage(images.next());
      Optional<String> error = image.decode(side, pixels, names.size() * 3 * side * side);
      if (error.isPresent()) {
        ready.add(row(image.name(), null, null, null, null, error.get()));
      } else {
        names.add(image.name());
      }
    }
    answer();
  }

  private void answer() {
    int classes = model.classes().size();
    double[] all = predictor.probabilities(pixels, names.size());
    List<Float[]> features = latents.map(known -> known.of(pixels, names.size())).orElse(List.of());
    for (int row = 0; row < names.size(); row++) {
      Double[] probabilities = new Double[classes];
      int best = 0;
      for (int k = 0; k < classes; k++) {
        probabilities[k] = all[row * classes + k];
        best = probabilities[k] > probabilities[best] ? k : best;
      }
      ready.add(
          row(
              names.get(row),
              model.classes().get(best),
              probabilities[best],
              probabilities,
              features.isEmpty() ? null : features.get(row),
              null));
    }
  }

  private static Row row(
      String name,
      @Nullable String label,
      @Nullable Double probability,
      Double @Nullable [] probabilities,
      Float @Nullable [] features,
      @Nullable String error) {
    return RowFactory.create(name, label, probability, probabilities, features, error);
  }
}
