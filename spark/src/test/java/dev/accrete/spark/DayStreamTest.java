package dev.accrete.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.AccreteException;
import dev.accrete.production.store.DayReport;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.StoreConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DayStreamTest {
  @TempDir private static Path folder;
  private final Path store = folder.resolve("store");
  private final Path arriving = folder.resolve("arriving");
  private final List<DayStream.Arrival> told = new ArrayList<>();

  @Test
  void whatIsDeliveredAgainAddsNothing() throws Exception {
    Store.init(store, StoreConfig.of(Spark.CONFIG)).close();
    Spark.paint(arriving, "cat", 100, 110);
    Spark.paint(arriving, "dog", 100, 110);
    Files.writeString(arriving.resolve("dog/broken.png"), "no picture");
    List<DayReport> first = stream("checkpoint");
    assertThat(first).hasSize(1);
    assertThat(first.getFirst().day().quarantined()).isOne();
    assertThat(images()).isEqualTo(20);

    assertThat(stream("checkpoint")).as("the checkpoint knows").isEmpty();
    assertThat(stream("another")).as("the store knows the day").isEmpty();
    assertThat(told.getLast().known()).as("said, the broken one too").isEqualTo(21);
    assertThat(days()).isOne();

    Spark.paint(arriving, "eel", 100, 105);
    List<DayReport> more = stream("a third");
    assertThat(more).as("old and new together").hasSize(1);
    assertThat(more.getFirst().added()).isEqualTo(5);
    assertThat(told.getLast().known()).as("said").isEqualTo(20);
    assertThat(images()).isEqualTo(25);
    assertThat(stream("checkpoint")).as("the first goes on").isEmpty();
    assertThat(images()).isEqualTo(25);
  }

  @Test
  void labelsThatAreNotDeclaredAreSetAsideUnlessTheyMayCome() throws Exception {
    Path other = folder.resolve("other");
    Path inbox = folder.resolve("inbox");
    Store.init(other, StoreConfig.of(Spark.CONFIG)).close();
    Spark.paint(inbox, "cat", 0, 10);
    Spark.paint(inbox, "dog", 0, 10);
    assertThat(stream(inbox, other, "declared", false).getFirst().newClasses())
        .as("the first day declares its own")
        .containsExactly("cat", "dog");
    Spark.paint(inbox, "dog", 10, 15);
    Spark.paint(inbox, "eel", 0, 1);
    DayReport more = stream(inbox, other, "declared", false).getFirst();
    assertThat(more.day().quarantined()).isOne();
    assertThat(more.newClasses()).isEmpty();
    assertThat(more.day().drift()).as("it was looked at").isPresent();
  }

  @Test
  void aStoreThatIsNotThereIsNamedAtOnce() throws IOException {
    Path empty = Files.createDirectories(folder.resolve("empty"));
    DayStream.Target target =
        new DayStream.Target(
            folder.resolve("nowhere"),
            "stream",
            folder.resolve("unused").toString(),
            true,
            true,
            Spark.BACKEND);
    assertThatThrownBy(
            () -> DayStream.start(Spark.session(), empty.toString(), 10, target, arrival -> {}))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("nowhere");
  }

  private List<DayReport> stream(String checkpoint) throws Exception {
    return stream(arriving, store, checkpoint, true);
  }

  private List<DayReport> stream(Path inbox, Path place, String checkpoint, boolean newClasses)
      throws Exception {
    int before = told.size();
    DayStream.Target target =
        new DayStream.Target(
            place,
            "stream",
            folder.resolve(checkpoint).toString(),
            true,
            newClasses,
            Spark.BACKEND);
    DayStream.start(Spark.session(), inbox.toString(), 1000, target, told::add).awaitTermination();
    return told.subList(before, told.size()).stream()
        .flatMap(arrival -> arrival.report().stream())
        .toList();
  }

  private int images() {
    try (Store open = Store.open(store)) {
      return open.days().stream().mapToInt(day -> day.train() + day.regression()).sum();
    }
  }

  private int days() {
    try (Store open = Store.open(store)) {
      return open.days().size();
    }
  }
}
