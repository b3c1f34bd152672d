package dev.accrete.production.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReservoirTest {
  private static final List<String> ITEMS =
      IntStream.range(0, 1000).mapToObj(i -> "image-" + i).toList();

  private static Reservoir filled(List<String> items) {
    Reservoir reservoir = new Reservoir("test", 50, 2);
    items.forEach(id -> reservoir.offer(id, number(id), -number(id)));
    return reservoir;
  }

  private static float number(String id) {
    return Integer.parseInt(id.substring("image-".length()));
  }

  @Test
  void theSampleDependsOnWhatCameAlone() {
    List<String> again = new ArrayList<>(ITEMS);
    Collections.reverse(again);
    again.addAll(ITEMS);
    Reservoir reservoir = filled(ITEMS);
    assertThat(reservoir.size()).isEqualTo(50);
    assertThat(filled(again).ids()).isEqualTo(reservoir.ids());
    assertThat(Reservoir.choose(again, 50)).isEqualTo(reservoir.ids());
    String held = reservoir.ids().getFirst();
    assertThat(reservoir.row(held))
        .hasValueSatisfying(row -> assertThat(row).containsExactly(number(held), -number(held)));
    assertThat(reservoir.row("image-x")).isEmpty();
  }

  @Test
  void everyItemIsAsLikelyAsAnyOther() {
    // Of 50 items drawn from 1,000 the mean number is 499.5, its standard error about 40.
    double mean =
        filled(ITEMS).ids().stream().mapToDouble(ReservoirTest::number).average().orElse(0);
    assertThat(mean).isBetween(380.0, 620.0);
  }

  @Test
  void itemsCanBeTakenOut() {
    Reservoir reservoir = filled(ITEMS);
    reservoir.retain(id -> number(id) >= 500);
    assertThat(reservoir.ids()).isNotEmpty().allMatch(id -> number(id) >= 500);
    ITEMS.forEach(id -> reservoir.offer(id, 0, 0));
    assertThat(reservoir.ids()).isEqualTo(filled(ITEMS).ids());
  }

  @Test
  void itIsSavedAndRestored(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("reservoir.safetensors");
    Reservoir reservoir = filled(ITEMS);
    reservoir.save(file);
    Reservoir read = new Reservoir("test", 50, 2);
    assertThat(read.load(file)).isTrue();
    assertThat(read.ids()).isEqualTo(reservoir.ids());
    String id = read.ids().get(7);
    assertThat(read.row(id).orElseThrow()).isEqualTo(reservoir.row(id).orElseThrow());
    Reservoir other = new Reservoir("another network", 50, 2);
    assertThat(other.load(file)).isFalse();
    assertThat(other.size()).isZero();
    Reservoir smaller = new Reservoir("test", 20, 2);
    assertThat(smaller.load(file)).isTrue();
    assertThat(smaller.ids()).isEqualTo(reservoir.ids().subList(0, 20));
    new Reservoir("test", 9, 2).save(file);
    assertThat(read.load(file)).isTrue();
    Files.writeString(file, "no reservoir");
    assertThatThrownBy(() -> read.load(file)).isInstanceOf(AccreteException.class);
  }

  @Test
  void rowsOfAnotherWidthAreRefused() {
    Reservoir reservoir = new Reservoir("test", 5, 2);
    assertThatThrownBy(() -> reservoir.offer("a", 1)).hasMessageContaining("must have 2");
    assertThatThrownBy(() -> new Reservoir("test", 0, 2)).hasMessageContaining("holds nothing");
  }
}
