package dev.accrete.cl.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScenariosTest {
  @Test
  void understandsItsForms() {
    assertThat(Scenarios.parse("nicv2-391")).isEqualTo(new Nicv2Spec(391));
    assertThat(Scenarios.parse("nicv2:a/b.txt")).isEqualTo(new Nicv2FileSpec(Path.of("a/b.txt")));
    assertThat(Scenarios.parse("nc:10:5")).isEqualTo(new NewClassesSpec(10, 5));
    assertThat(Scenarios.parse("ni:8")).isEqualTo(new NewInstancesSpec(8));
  }

  @Test
  void namesParseToThemselves() {
    for (String name : List.of("nicv2-2", "nc:1:1", "ni:1", "nicv2:list.txt")) {
      assertThat(Scenarios.parse(name).name()).isEqualTo(name);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "nicv2", "nicv2-", "nicv2-x", "NICv2-79", "nc:5", "ni", "nicv2-9999999"})
  void anythingElseListsTheForms(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Scenarios.parse(name))
        .withMessageContaining("'" + name + "'")
        .withMessageContaining(Scenarios.forms());
  }

  @ParameterizedTest
  @ValueSource(strings = {"nicv2-0", "nicv2-1", "nc:0:1", "nc:1:0", "ni:0"})
  void tooSmallNumbersNameALegalOne(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Scenarios.parse(name))
        .withMessageContaining(name)
        .withMessageContaining("at least");
  }
}
