package dev.accrete.production.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.Backend;
import dev.accrete.nn.Model;
import dev.accrete.nn.Weights;
import dev.accrete.nn.io.Safetensors;
import dev.accrete.nn.io.StoredTensor;
import dev.accrete.nn.io.StoredType;
import dev.accrete.nn.io.TensorFile;
import dev.accrete.production.ingest.IngestOptions;
import dev.accrete.production.ingest.Item;
import dev.accrete.production.ingest.Source;
import dev.accrete.production.store.ForgetRequest.What;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A learner whose knowledge is a sum has images taken out, and is as if it never saw them. */
class UnlearningTest {
  private static final double ROUNDING = 1e-6;
  private static final String BOB = "Unforgettable Bob";

  @TempDir(factory = MemoryDisk.class)
  private Path folder;

  private final Backend backend = TestImages.backend();

  @AfterEach
  void close() {
    backend.close();
  }

  private Store make(String name) {
    return Store.init(folder.resolve(name), TestImages.config("analytic"));
  }

  private Version learn(Store store, String day, List<Item> items) {
    store.ingest(
        Source.of(day, items), IngestOptions.defaults().withNewClasses(), ProgressListener.NONE);
    Version version = store.update(backend, ProgressListener.NONE).orElseThrow();
    store.promote(version.id(), Promotion.by("test").forced().because("test"));
    return version;
  }

  private ForgetReport forget(Store store, What what, String value) {
    return store.forget(
        new ForgetRequest(what, value, "test", "asked for"),
        backend,
        plan -> assertThat(plan.rebuilt()).isFalse(),
        ProgressListener.NONE);
  }

  /** Two days, of which some images show Bob. */
  private static List<List<Item>> days(Predicate<Item> bob) {
    List<List<Item>> days = new ArrayList<>();
    for (int day = 0; day < 2; day++) {
      days.add(
          TestImages.items(60 * day, 60 * day + 60, "cat", "dog", "eel").stream()
              .map(
                  item ->
                      new Item(
                          item.name(),
                          item.label(),
                          bob.test(item) ? Optional.of(BOB) : Optional.empty(),
                          Map.of(),
                          Optional.empty(),
                          item.content()))
              .toList());
    }
    return days;
  }

  private Version forgotten(Store store, List<List<Item>> days, What what, String value) {
    learn(store, "monday", days.getFirst());
    learn(store, "tuesday", days.getLast());
    Version made = forget(store, what, value).version().orElseThrow();
    assertThat(made.fresh()).isFalse();
    assertThat(store.check(ProgressListener.NONE).isSound()).isTrue();
    return made;
  }

  private Version straight(Store store, List<List<Item>> days, Predicate<Item> wanted) {
    learn(store, "monday", days.getFirst().stream().filter(wanted).toList());
    return learn(store, "tuesday", days.getLast().stream().filter(wanted).toList());
  }

  private static void requireSame(Store one, Version forgot, Store other, Version never) {
    assertThat(forgot.dataDigest()).isEqualTo(never.dataDigest());
    assertThat(forgot.images()).isEqualTo(never.images());
    assertThat(forgot.classes()).isEqualTo(never.classes());
    TensorFile found = Safetensors.read(one.modelFile(forgot.id()));
    TensorFile expected = Safetensors.read(other.modelFile(never.id()));
    assertThat(found.tensors().keySet()).isEqualTo(expected.tensors().keySet());
    expected
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (tensor.type() == StoredType.F32) {
                requireSame(name, found.tensor(name), tensor);
              }
            });
  }

  private static void requireSame(String name, StoredTensor found, StoredTensor expected) {
    assertThat(found.shape()).isEqualTo(expected.shape());
    float[] values = expected.floats();
    double largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(found.floats())
        .as(name)
        .containsExactly(values, Offset.offset((float) (ROUNDING * largest)));
  }

  @Test
  void aHundredRandomImagesOfASubject() {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < 360; i++) {
      order.add(i);
    }
    Collections.shuffle(order, new Random(3));
    List<Integer> his = order.subList(0, 100);
    List<String> labels = List.of("cat", "dog", "eel");
    Predicate<Item> bob =
        item -> {
          int number = Integer.parseInt(item.name().replaceAll("\\D", ""));
          return his.contains(labels.indexOf(item.label()) * 120 + number);
        };
    List<List<Item>> days = days(bob);
    try (Store shop = make("shop");
        Store other = make("other")) {
      Version forgot = forgotten(shop, days, What.SUBJECT, BOB);
      requireSame(shop, forgot, other, straight(other, days, bob.negate()));
      assertThat(shop.images().size()).isEqualTo(260);

      // One by one, too; and it goes on learning.
      String digest = shop.trainingImages("monday").image(5).sha256();
      forget(shop, What.IMAGE, digest);
      learn(shop, "wednesday", TestImages.items(200, 210, "cat", "fox"));
      assertThat(shop.check(ProgressListener.NONE).isSound()).isTrue();
    }
  }

  @Test
  void aClass() {
    List<List<Item>> days = days(item -> false);
    try (Store shop = make("shop");
        Store other = make("other")) {
      Version forgot = forgotten(shop, days, What.CLASS, "dog");
      assertThat(forgot.classes()).containsExactly("cat", "eel");
      requireSame(shop, forgot, other, straight(other, days, item -> !item.label().equals("dog")));
    }
  }

  @Test
  void imagesThatACorrectionTookAwayButTheChampionKnows() {
    List<List<Item>> days = days(item -> item.name().matches(".*/[1-4]\\.png"));
    Predicate<Item> others = item -> item.subject().isEmpty();
    try (Store shop = make("shop");
        Store other = make("other")) {
      learn(shop, "monday", days.getFirst());
      learn(shop, "tuesday", days.getLast());
      shop.ingest(
          Source.of("monday", days.getFirst().stream().filter(others).toList()),
          IngestOptions.defaults(),
          ProgressListener.NONE);
      Version forgot = forget(shop, What.SUBJECT, BOB).version().orElseThrow();
      requireSame(shop, forgot, other, straight(other, days, others));
      assertThat(shop.update(backend, ProgressListener.NONE)).isEmpty();
      assertThat(shop.check(ProgressListener.NONE).isSound()).isTrue();
    }
  }

  /** Where labels are as good as drawn, a model is not to be sure; it was measured anew. */
  @ParameterizedTest
  @ValueSource(strings = {"analytic", "slda"})
  void theModelIsAsSureAsHeldOutImagesAllow(String strategy) {
    List<Item> items = new ArrayList<>();
    Random random = new Random(1);
    for (Item item : TestImages.items(0, 400, "cat")) {
      String name = item.name();
      items.add(
          new Item(
              name,
              random.nextBoolean() ? "heads" : "tails",
              name.contains("/7") ? Optional.of(BOB) : Optional.empty(),
              Map.of(),
              Optional.empty(),
              item.content()));
    }
    try (Store shop = Store.init(folder.resolve("shop"), TestImages.config(strategy))) {
      learn(shop, "monday", items);
      assertThat(shop.regressionSet().size()).isGreaterThan(16);
      assertThat(shop.model(1).temperature()).as("the first version").isGreaterThan(1.5f);
      int made = forget(shop, What.SUBJECT, BOB).version().orElseThrow().id();
      Model model = shop.model(made);
      assertThat(model.temperature()).isGreaterThan(1.5f);
      try (StoredImages heldOut = shop.regressionSet()) {
        assertThat(HeldOutTemperature.fit(model, heldOut, backend).temperature())
            .isEqualTo(model.temperature(), Offset.offset(1e-3f * model.temperature()));
        if (model.moments().isEmpty()) {
          // However large its scores are, and the temperature with them.
          Model scaled = scaled(model, 1 << 20);
          assertThat(scaled.temperature()).isLessThan(1);
          assertThat(HeldOutTemperature.fit(scaled, heldOut, backend).temperature())
              .isEqualTo(scaled.temperature(), Offset.offset(1e-3f * scaled.temperature()));
        }
      }
    }
  }

  /** The same answers: scores and temperature divided by a power of two. */
  private static Model scaled(Model model, float by) {
    Weights weights = model.weights();
    for (int i = model.network().head().offset(); i < weights.parameters().length; i++) {
      weights.parameters()[i] /= by;
    }
    float[] bias = model.bias().orElseThrow();
    for (int k = 0; k < bias.length; k++) {
      bias[k] /= by;
    }
    return Model.of(
            model.architecture(),
            model.network().height(),
            model.classes(),
            weights,
            model.preprocessing())
        .withBias(bias)
        .withTemperature(model.temperature() / by);
  }
}
