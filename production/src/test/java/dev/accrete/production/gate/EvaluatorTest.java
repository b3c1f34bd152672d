package dev.accrete.production.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.production.gate.Finding.Kind;
import dev.accrete.production.ingest.IngestOptions;
import dev.accrete.production.policy.Policy;
import dev.accrete.production.store.Evaluation;
import dev.accrete.production.store.MemoryDisk;
import dev.accrete.production.store.Promotion;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.TestImages;
import dev.accrete.production.store.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Candidates of a real store. */
final class EvaluatorTest {
  private static final String QUIET =
      "gate: {min-images: 5, load-and-query: false, max-negative-flip-rate: 1, changes: [],"
          + " recall-floor: 0, values: [{metric: accuracy, limit: 0.4}]}";

  @TempDir(factory = MemoryDisk.class)
  private Path folder;

  private final Backend backend = TestImages.backend();
  private final List<Long> asked = new ArrayList<>();
  private Store store;

  @BeforeEach
  void make() throws IOException {
    Files.writeString(folder.resolve("policy.yaml"), "ingest: {regression-share: 0.4}");
    store =
        Store.init(
            folder.resolve("shop"),
            TestImages.config("slda").withPolicy(folder.resolve("policy.yaml")));
    Files.createDirectory(folder.resolve("scratch"));
  }

  @AfterEach
  void close() {
    store.close();
    backend.close();
  }

  private Version learn(String day, int from, int to, String... labels) {
    store.ingest(
        TestImages.day(day, from, to, labels),
        IngestOptions.defaults().withNewClasses(),
        ProgressListener.NONE);
    return store.update(backend, ProgressListener.NONE).orElseThrow();
  }

  private Evaluated evaluate(int version, String policy) {
    asked.clear();
    Launch launch = Launch.in(folder.resolve("scratch")).on("reference").withThreads(1);
    ProgressListener progress = (done, total) -> asked.add(total);
    return new Evaluator(store, Policy.parse(policy, "policy.yaml"), backend, launch, progress)
        .evaluate(version);
  }

  private int heldOut(String day) {
    return store.day(day).orElseThrow().regression();
  }

  @Test
  void theFirstVersionIsJudgedByValueAndTriedInAProcess() throws IOException {
    Version first = learn("monday", 0, 30, "cat", "dog");
    Evaluated done = evaluate(1, QUIET.replace("load-and-query: false, ", ""));
    assertThat(done.verdict().blessed()).as(done.verdict().summary()).isTrue();
    assertThat(done.verdict().candidate().digest()).isEqualTo(first.modelDigest());
    assertThat(done.verdict().images().fresh()).isEqualTo(heldOut("monday")).isGreaterThan(10);
    assertThat(done.verdict().findings())
        .filteredOn(f -> f.kind() == Kind.PROCESS)
        .hasSize(4)
        .noneMatch(Finding::failed);
    assertThat(Files.readString(done.card())).contains("Blessed", "The first version");
    Evaluation noted = store.evaluations(1).getFirst();
    assertThat(noted.id()).isEqualTo(done.id());
    assertThat(noted.blessed()).isTrue();
    assertThat(noted.champion()).isEmpty();
    assertThat(noted.reasons()).contains("accuracy of all is");
    assertThat(noted.metrics()).contains("\"slice\":\"class=cat\"");
    Path json = store.attachment(1, "verdict.json").orElseThrow();
    assertThat(Verdict.ofJson(Files.readString(json))).isEqualTo(done.verdict());
  }

  @Test
  void aCandidateIsComparedWithTheChampionOnOldAndNewImages() {
    learn("monday", 0, 30, "cat", "dog");
    store.promote(1, Promotion.by("test"));
    learn("tuesday", 30, 60, "cat", "eel");
    Evaluated done = evaluate(2, QUIET);
    Verdict verdict = done.verdict();
    assertThat(verdict.champion().orElseThrow().version()).isEqualTo("1");
    assertThat(verdict.images().regression()).isEqualTo(heldOut("monday"));
    assertThat(verdict.images().fresh()).isEqualTo(heldOut("tuesday"));
    assertThat(verdict.images().compared()).isLessThan(heldOut("monday") + heldOut("tuesday"));
    assertThat(verdict.slices())
        .extracting(SliceScores::slice)
        .contains("all", "set=new", "class=eel", "day=monday", "day=tuesday");
    store.promote(2, Promotion.by("test"));
  }

  @Test
  void whatWasAnsweredYesterdayIsNotAskedAgain() {
    learn("monday", 0, 30, "cat", "dog");
    evaluate(1, QUIET);
    store.promote(1, Promotion.by("test"));
    learn("tuesday", 30, 60, "cat", "dog");
    Verdict first = evaluate(2, QUIET).verdict();
    int all = heldOut("monday") + heldOut("tuesday");
    assertThat(asked).startsWith((long) heldOut("tuesday")).endsWith((long) all);
    Verdict again = evaluate(2, QUIET).verdict();
    assertThat(asked).isEmpty();
    assertThat(again.toJson()).isEqualTo(first.toJson());
  }

  @Test
  void answersThatAreDamagedAreAskedForAgain() throws IOException {
    learn("monday", 0, 30, "cat", "dog");
    Verdict first = evaluate(1, QUIET).verdict();
    Path answers = store.attachment(1, AnswerFile.NAME).orElseThrow();
    Files.writeString(answers, Files.readString(answers).substring(40));
    assertThat(evaluate(1, QUIET).verdict().toJson()).isEqualTo(first.toJson());
    assertThat(asked).isNotEmpty();
  }

  @Test
  void aCandidateThatIsNotGoodEnoughCannotBePromoted() throws IOException {
    learn("monday", 0, 30, "cat", "dog");
    store.promote(1, Promotion.by("test"));
    learn("tuesday", 30, 60, "cat", "dog");
    Evaluated done = evaluate(2, QUIET.replace("limit: 0.4", "limit: 1.5"));
    assertThat(done.verdict().blessed()).isFalse();
    assertThat(Files.readString(done.card())).contains("Not blessed", "must be at least 1.5");
    assertThatThrownBy(() -> store.promote(2, Promotion.by("test")))
        .hasMessageContaining("not blessed");
  }

  @Test
  void theChampionIsNotComparedWithItself() {
    learn("monday", 0, 30, "cat", "dog");
    store.promote(1, Promotion.by("test"));
    assertThatThrownBy(() -> evaluate(1, QUIET))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("have the same version");
    assertThat(asked).isEmpty();
    assertThat(store.evaluations(1)).isEmpty();
  }

  @Test
  void aPolicyThatNamesWhatIsNotThereRecordsNothing() {
    learn("monday", 0, 30, "cat", "dog");
    assertThatThrownBy(
            () -> evaluate(1, "gate: {values: [{metric: recall, slice: class=cta, limit: 0.5}]}"))
        .hasMessageContaining("did you mean class=cat");
    assertThat(store.evaluations(1)).isEmpty();
  }

  @Test
  void daysThatNeitherModelKnowsAreLeftOut() {
    learn("monday", 0, 30, "cat", "dog");
    store.ingest(
        TestImages.day("tuesday", 0, 30, "gnu"),
        IngestOptions.defaults().withNewClasses(),
        ProgressListener.NONE);
    Verdict verdict = evaluate(1, QUIET).verdict();
    assertThat(verdict.images().fresh()).isEqualTo(heldOut("monday"));
    assertThat(verdict.slices()).extracting(SliceScores::slice).doesNotContain("class=gnu");
  }

  @Test
  void theRegressionSetMayBeLimited() {
    learn("monday", 0, 40, "cat", "dog");
    store.promote(1, Promotion.by("test"));
    learn("tuesday", 40, 60, "cat", "dog");
    Verdict verdict =
        evaluate(2, QUIET.replace("min-images: 5", "min-images: 4, max-images: 9")).verdict();
    assertThat(verdict.images().regression()).isEqualTo(9);
    assertThat(verdict.images().fresh()).isEqualTo(heldOut("tuesday"));
  }
}
