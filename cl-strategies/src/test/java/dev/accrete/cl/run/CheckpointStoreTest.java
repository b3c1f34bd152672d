package dev.accrete.cl.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.accrete.cl.metrics.ConfusionMatrix;
import dev.accrete.cl.metrics.Evaluation;
import dev.accrete.cl.strategy.Cost;
import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckpointStoreTest {
  private static final RunConfig CONFIG = TinyRun.config("ar1-star");

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void run() throws IOException {
    TinyRun.run(folder.resolve("run"), CONFIG, RunObserver.NONE);
    file = file();
  }

  private Path file() throws IOException {
    try (Stream<Path> files = Files.list(checkpoints())) {
      List<Path> all = files.toList();
      assertThat(all).as("the newest checkpoint and nothing else").hasSize(1);
      return all.getFirst();
    }
  }

  private Path checkpoints() {
    return folder.resolve("run/checkpoints/ar1-star");
  }

  private CheckpointStore store() {
    return new CheckpointStore(checkpoints(), "ar1-star");
  }

  @Test
  void theLedgerComesBackExactly() {
    Ledger ledger = store().last().orElseThrow().ledger();
    List<Ledger> again = TinyRun.run(folder.resolve("run"), CONFIG, RunObserver.NONE);
    assertThat(ledger.rows()).isEqualTo(again.getFirst().rows());
    assertThat(ledger.forgetting().state()).isEqualTo(again.getFirst().forgetting().state());
    assertThat(ledger.stateDigest()).hasSize(64);
  }

  @Test
  void aTruncatedCheckpointIsNamedAndRefused() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < 60; i++) {
      int length = (int) ((long) whole.length * i / 60);
      Files.write(file, Arrays.copyOf(whole, length));
      assertRefused("cut to " + length);
    }
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    assertRefused("cut by one byte");
  }

  @Test
  void aDamagedByteAnywhereIsNoticed() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < 200; i++) {
      int at = (int) ((long) whole.length * i / 200);
      byte[] damaged = whole.clone();
      damaged[at] ^= 0x10;
      Files.write(file, damaged);
      assertRefused("byte " + at + " changed");
    }
  }

  private void assertRefused(String how) {
    assertThatThrownBy(() -> store().last())
        .as(how)
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("delete it");
  }

  @Test
  void aCheckpointOfAnotherStrategyIsRefused() {
    assertThatThrownBy(() -> new CheckpointStore(checkpoints(), "naive").last())
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("belongs to strategy ar1-star");
  }

  @Test
  void afterTheAdviceOfTheErrorTheRunGoesOn() throws IOException {
    Files.delete(file);
    List<Ledger> again = TinyRun.run(folder.resolve("run"), CONFIG, RunObserver.NONE);
    assertThat(again.getFirst().next()).isEqualTo(TinyRun.EXPERIENCES);
  }

  @Test
  void theNewestOfTwoCounts() throws IOException {
    // As if the process had been killed between writing the new one and deleting the old one.
    Files.write(checkpoints().resolve("00002.safetensors"), new byte[] {1, 2, 3});
    assertThat(store().last().orElseThrow().ledger().next()).isEqualTo(TinyRun.EXPERIENCES);
  }

  @Test
  void anUnfinishedFileBesideIsIgnored() throws IOException {
    Files.write(checkpoints().resolve("00007.safetensors.tmp"), new byte[] {1, 2, 3});
    assertThat(store().last().orElseThrow().ledger().next()).isEqualTo(TinyRun.EXPERIENCES);
  }

  @Test
  void aCheckpointThatCannotBeWrittenIsSaidAndTheOneBeforeIsIntact() throws IOException {
    Path killed = folder.resolve("full");
    Path inTheWay = killed.resolve("checkpoints/ar1-star/00003.safetensors/file");
    RunObserver blocks =
        new RunObserver() {
          @Override
          public void strategyStarted(String strategy, int done, long[] work) {
            // A folder that is not empty is in the way of the checkpoints.
            occupy(inTheWay);
          }
        };
    assertThatThrownBy(() -> TinyRun.run(killed, CONFIG, blocks))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("00003.safetensors")
        .hasMessageContaining("what was saved before is intact");
    Files.delete(inTheWay);
    Files.delete(inTheWay.getParent());
    try (Stream<Path> files = Files.list(killed.resolve("checkpoints/ar1-star"))) {
      assertThat(files.map(each -> each.getFileName().toString()))
          .containsExactly("00001.safetensors");
    }
    TinyRun.run(killed, CONFIG, RunObserver.NONE);
    assertThat(RunComparison.differences(folder.resolve("run"), killed)).isEmpty();
  }

  private static void occupy(Path file) {
    try {
      Files.createDirectories(file.getParent());
      Files.createFile(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aFolderThatCannotBeWrittenIsSaid() throws IOException {
    Path target = folder.resolve("blocked");
    RunObserver blocks =
        new RunObserver() {
          @Override
          public void strategyStarted(String strategy, int done, long[] work) {
            occupy(target.resolve("checkpoints"));
          }
        };
    assertThatThrownBy(() -> TinyRun.run(target, CONFIG, blocks))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("cannot write")
        .hasMessageContaining("--out");
  }

  @Test
  void aReadOnlyFolderIsSaid() throws IOException {
    Path target = folder.resolve("read-only");
    Files.createDirectories(target);
    assumeTrue(target.toFile().setWritable(false), "this file system has no permissions");
    assumeTrue(!Files.isWritable(target), "permissions do not bind this user (root)");
    assertThatThrownBy(() -> TinyRun.run(target, CONFIG, RunObserver.NONE))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining(target.toString())
        .hasMessageContaining("--out");
    assertThat(target.toFile().setWritable(true)).isTrue();
  }

  @Test
  void bytesFollowWhatIsKnownAndNotTheNumberOfClasses() {
    int classes = 100_000;
    Ledger ledger = new Ledger("naive");
    for (int i = 0; i < 2; i++) {
      ConfusionMatrix answers = new ConfusionMatrix(classes);
      answers.add(99_999, 99_999, 2);
      answers.add(99_999, 3);
      LedgerRow row =
          new LedgerRow("naive", i, 5, 1, 1, 2 / 3.0, List.of(), new Cost(1, 1, 1, 1, 1, 1));
      ledger.add(row, Optional.of(new Evaluation(2 / 3.0, List.of(), answers)), new int[] {99_999});
    }
    Origin origin = new Origin(new TreeMap<>(Map.of("inputs", "none")));
    Path target = folder.resolve("many");
    new CheckpointStore(target, "naive")
        .save(state -> state.put("w", new float[3]), ledger, origin);
    Checkpoint again = new CheckpointStore(target, "naive").last().orElseThrow();
    assertThat(new CheckpointStore(target, "naive").newest().orElseThrow().toFile().length())
        .isLessThan(2000);
    assertThat(again.ledger().confusion().orElseThrow().state())
        .isEqualTo(ledger.confusion().orElseThrow().state());
    assertThat(again.ledger().forgetting().of(99_999)).hasValue(0);
    again.requireOrigin(origin);
  }
}
