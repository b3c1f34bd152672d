package dev.accrete.production.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.Backend;
import dev.accrete.production.ingest.IngestOptions;
import dev.accrete.production.policy.Policy;
import dev.accrete.production.store.DayState;
import dev.accrete.production.store.MemoryDisk;
import dev.accrete.production.store.Promotion;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Days of a real store. */
final class DriftMonitorTest {
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

  private void ingest(String day, int from, int to, String... labels) {
    store.ingest(
        TestImages.day(day, from, to, labels),
        IngestOptions.defaults().withNewClasses(),
        ProgressListener.NONE);
  }

  private DriftReport assess(String day, String policy) {
    return new DriftMonitor(
            store, Policy.parse("ingest: {" + policy + "}", "policy.yaml").ingest(), backend)
        .assess(day);
  }

  @Test
  void theFirstDayHasNothingBeforeIt() {
    ingest("monday", 0, 20, "cat", "dog");
    DriftReport report = assess("monday", "");
    assertThat(report.tested()).isFalse();
    assertThat(report.reference()).isZero();
    assertThat(store.day("monday").orElseThrow().drift()).contains(report.toJson());
    assertThatThrownBy(() -> assess("never", "")).hasMessageContaining("there is no day 'never'");
  }

  @Test
  void latentsAreThoseOfTheChampion() throws IOException {
    ingest("monday", 0, 25, "cat", "dog");
    ingest("tuesday", 25, 50, "cat", "dog");
    assertThat(assess("tuesday", "").shifts())
        .extracting(Shift::name)
        .contains("class-mix", "brightness", "size")
        .doesNotContain("latents-mmd");
    assertThat(store.update(backend, ProgressListener.NONE)).isPresent();
    store.promote(1, Promotion.by("test"));
    DriftReport same = assess("tuesday", "");
    assertThat(same.shifts()).extracting(Shift::name).contains("latents-mmd", "latents-ks");
    assertThat(same.level()).isEqualTo(Shift.Level.NONE);

    Path kept = store.attachment(1, "drift.safetensors").orElseThrow();
    assertThat(assess("tuesday", "").toJson()).isEqualTo(same.toJson());
    Files.writeString(kept, "damaged");
    assertThat(assess("tuesday", "").toJson()).isEqualTo(same.toJson());

    ingest("wednesday", 0, 40, "eel");
    DriftReport other = assess("wednesday", "");
    assertThat(other.level()).isEqualTo(Shift.Level.WARN);
    assertThat(other.reasons()).anyMatch(reason -> reason.startsWith("class-mix drifted by 1.000"));
    assertThat(other.reasons()).anyMatch(reason -> reason.startsWith("latents-"));
    assertThat(store.day("wednesday").orElseThrow().state()).isEqualTo(DayState.INGESTED);
  }

  @Test
  void aDayBeyondALimitIsRefused() {
    ingest("monday", 0, 25, "cat", "dog");
    ingest("tuesday", 0, 40, "eel");
    assertThat(assess("tuesday", "class-mix-refuse: 0.8").level()).isEqualTo(Shift.Level.REFUSE);
    assertThat(store.day("tuesday").orElseThrow().state()).isEqualTo(DayState.REFUSED);
    assertThat(store.day("tuesday").orElseThrow().refusal().orElseThrow())
        .contains("class-mix drifted by 1.000, above the limit of 0.8");
    ingest("wednesday", 40, 80, "eel");
    assertThat(assess("wednesday", "").reference()).as("refused days left out").isEqualTo(50);
  }
}
