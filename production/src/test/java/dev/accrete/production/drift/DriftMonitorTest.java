package dev.accrete.production.drift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.Backend;
import dev.accrete.production.ingest.IngestOptions;
import dev.accrete.production.policy.Policy;
import dev.accrete.production.store.DayReport;
import dev.accrete.production.store.DayState;
import dev.accrete.production.store.ForgetRequest;
import dev.accrete.production.store.MemoryDisk;
import dev.accrete.production.store.Promotion;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.StoredImages;
import dev.accrete.production.store.TestImages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Days of a real store. */
final class DriftMonitorTest {
  private static final String STRICT = "class-mix-refuse: 0.8";

  @TempDir(factory = MemoryDisk.class)
  private Path folder;

  private final Backend backend = TestImages.backend();
  private Store store;

  @BeforeEach
  void make() {
    store = Store.init(folder.resolve("shop"), TestImages.config("slda"));
  }

  @AfterEach
  void close() {
    store.close();
    backend.close();
  }

  private DriftMonitor monitor(String policy) {
    return new DriftMonitor(
        store, Policy.parse("ingest: {" + policy + "}", "policy.yaml").ingest(), backend);
  }

  private DayReport ingest(DriftMonitor monitor, String day, int from, int to, String... labels) {
    return store.ingest(
        TestImages.day(day, from, to, labels),
        IngestOptions.defaults().withNewClasses(),
        monitor,
        ProgressListener.NONE);
  }

  private static DriftReport drift(DayReport day) {
    return DriftReport.ofJson(day.day().drift().orElseThrow());
  }

  private Set<String> all() {
    Set<String> all = new TreeSet<>();
    try (StoredImages images = store.images()) {
      for (int i = 0; i < images.size(); i++) {
        all.add(images.image(i).sha256());
      }
    }
    return all;
  }

  /** The digests that the memory names. */
  private Set<String> remembered() throws IOException {
    String text = Files.readString(store.checkMemory().orElseThrow(), StandardCharsets.ISO_8859_1);
    Set<String> found = new TreeSet<>();
    java.util.regex.Pattern.compile("(?<![0-9a-f])[0-9a-f]{64}(?=\\\\n|\")")
        .matcher(text)
        .results()
        .forEach(result -> found.add(result.group()));
    return found;
  }

  @Test
  void theFirstDayHasNothingBeforeIt() {
    DriftReport report = drift(ingest(monitor(""), "monday", 0, 20, "cat", "dog"));
    assertThat(report.tested()).isFalse();
    assertThat(report.images()).isEqualTo(40);
    assertThat(report.reference()).isZero();
    assertThat(store.day("monday").orElseThrow().drift()).contains(report.toJson());
    assertThat(store.checkMemory()).isEmpty();
  }

  @Test
  void latentsAreThoseOfTheChampion() {
    ingest(monitor(""), "monday", 0, 25, "cat", "dog");
    assertThat(drift(ingest(monitor(""), "tuesday", 25, 50, "cat", "dog")).shifts())
        .extracting(Shift::name)
        .contains("class-mix", "brightness", "size")
        .doesNotContain("latents-mmd");
    assertThat(store.update(backend, ProgressListener.NONE)).isPresent();
    store.promote(1, Promotion.by("test"));
    DriftReport same = drift(ingest(monitor(""), "wednesday", 50, 75, "cat", "dog"));
    assertThat(same.shifts()).extracting(Shift::name).contains("latents-mmd", "latents-ks");
    assertThat(same.level()).isEqualTo(Shift.Level.NONE);

    DayReport thursday = ingest(monitor(""), "thursday", 0, 40, "eel");
    DriftReport other = drift(thursday);
    assertThat(other.level()).isEqualTo(Shift.Level.WARN);
    assertThat(other.reasons()).anyMatch(reason -> reason.startsWith("class-mix drifted by 1.000"));
    assertThat(other.reasons()).anyMatch(reason -> reason.startsWith("latents-"));
    assertThat(thursday.day().state()).isEqualTo(DayState.INGESTED);
  }

  @Test
  void aRefusedDayLeavesTheStoreAsItWas() {
    ingest(monitor(""), "monday", 0, 25, "cat", "dog");
    ingest(monitor(""), "tuesday", 25, 50, "cat", "dog");
    Set<String> before = all();
    Path memory = store.checkMemory().orElseThrow();
    DayReport refused = ingest(monitor(STRICT), "wednesday", 0, 40, "eel");
    assertThat(refused.day().state()).isEqualTo(DayState.REFUSED);
    assertThat(refused.day().refusal().orElseThrow())
        .contains("class-mix drifted by 1.000, above the limit of 0.8")
        .contains("--accept-drift");
    assertThat(drift(refused).level()).isEqualTo(Shift.Level.REFUSE);
    assertThat(store.day("wednesday").orElseThrow()).isEqualTo(refused.day());
    assertThat(all()).isEqualTo(before);
    assertThat(store.regressionSet().size()).isLessThan(before.size());
    assertThat(store.heldOut("wednesday").size()).isZero();
    assertThat(store.classes()).containsExactly("cat", "dog");
    assertThat(store.checkMemory()).contains(memory);
    assertThat(store.check(ProgressListener.NONE).isSound()).isTrue();

    // A corrected day of the same name comes in; so does the first one if somebody accepts it.
    DayReport corrected = ingest(monitor(STRICT), "wednesday", 50, 75, "cat", "dog");
    assertThat(corrected.day().state()).isEqualTo(DayState.INGESTED);
    assertThat(corrected.day().revision()).isEqualTo(1);
    assertThat(all()).hasSize(before.size() + 50);
    DayReport accepted = ingest(monitor(STRICT).accepting(), "thursday", 0, 40, "eel");
    assertThat(accepted.day().state()).isEqualTo(DayState.INGESTED);
    assertThat(drift(accepted).level()).isEqualTo(Shift.Level.REFUSE);
    assertThat(drift(ingest(monitor(""), "friday", 75, 100, "cat")).reference()).isEqualTo(190);
  }

  @Test
  void aCorrectionThatIsRefusedLeavesTheDayAsItWas() {
    ingest(monitor(""), "monday", 0, 25, "cat", "dog");
    ingest(monitor(""), "tuesday", 25, 50, "cat", "dog");
    Set<String> before = all();
    DayReport refused = ingest(monitor(STRICT), "tuesday", 0, 40, "eel");
    assertThat(refused.day().refusal().orElseThrow()).contains("the day stays as it was before");
    assertThat(all()).isEqualTo(before);
    assertThat(store.day("tuesday").orElseThrow().state()).isEqualTo(DayState.INGESTED);
    // The first day is compared with none, also when it is corrected later.
    assertThat(drift(ingest(monitor(STRICT), "monday", 0, 40, "eel")).reference()).isZero();
  }

  @Test
  void whatIsRememberedIsBoundedAndOfImagesThatAreThere() throws IOException {
    String small = "reference-images: 50";
    ingest(monitor(small), "monday", 0, 40, "cat", "dog");
    ingest(monitor(small), "tuesday", 40, 80, "cat", "dog");
    assertThat(remembered()).hasSize(50).isSubsetOf(all());
    Path first = store.checkMemory().orElseThrow();

    // Another process goes on with it; a damaged one is made anew.
    store.close();
    store = Store.open(folder.resolve("shop"));
    Files.writeString(first, "damaged");
    DriftReport wednesday = drift(ingest(monitor(small), "wednesday", 80, 120, "cat", "dog"));
    assertThat(wednesday.reference()).isEqualTo(160);
    assertThat(remembered()).hasSize(50).isSubsetOf(all());
    assertThat(first).doesNotExist();

    // A correction and a removal leave nothing of what is gone.
    ingest(monitor(small), "wednesday", 120, 160, "cat", "dog");
    assertThat(remembered()).hasSize(50).isSubsetOf(all());
    store.forget(
        new ForgetRequest(
            ForgetRequest.What.IMAGE, remembered().iterator().next(), "test", "asked for"),
        backend,
        plan -> {},
        ProgressListener.NONE);
    assertThat(store.checkMemory()).isEmpty();
    ingest(monitor(small), "thursday", 160, 200, "cat", "dog");
    assertThat(remembered()).hasSize(50).isSubsetOf(all());
    assertThat(store.check(ProgressListener.NONE).isSound()).isTrue();
  }
}
