package dev.accrete.production.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SelectorTest {
  @Test
  void oneOrSeveralFeaturesAreNamed() {
    assertThat(Selector.parse("all").values()).isEmpty();
    assertThat(Selector.parse(" class = cat ").values()).isEqualTo(Map.of("class", "cat"));
    assertThat(Selector.parse("day=2026-01-31, subject=7").values())
        .isEqualTo(Map.of("day", "2026-01-31", "subject", "7"));
    assertThat(Selector.parse("formula=a\\=b\\,c\\\\d").values())
        .isEqualTo(Map.of("formula", "a=b,c\\d"));
    assertThat(Selector.parse("url=a=b").values()).isEqualTo(Map.of("url", "a=b"));
  }

  @Test
  void anAsteriskStandsForEach() {
    Selector each = Selector.parse("class=*,set=new");
    assertThat(each.wildcards()).isOne();
    assertThat(each).hasToString("class=*,set=new");
    assertThat(each.covers(Map.of("class", "cat", "set", "new"))).isTrue();
    assertThat(each.covers(Map.of("class", "cat", "set", "regression"))).isFalse();
    assertThat(each.covers(Map.of("class", "cat"))).isFalse();
    assertThat(Selector.parse("class=\\*").wildcards()).isZero();
    assertThat(Selector.parse("class=\\*").values()).isEqualTo(Map.of("class", "*"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "cat", "class=", "=cat", "class=cat,", ",class=cat", "a=1,b", "a=1,a=2"})
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> Selector.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("slice '" + text + "'");
  }

  @Property
  void aNameIsReadBack(
      @ForAll @Size(min = 1, max = 3)
          Map<
                  @AlphaChars @StringLength(min = 1, max = 4) String,
                  @Chars({'a', '=', ',', '\\', '*', '\u00e4'}) @StringLength(min = 1, max = 5)
                  String>
              slice) {
    Selector read = Selector.parse(Selector.name(slice));
    assertThat(read.values()).isEqualTo(slice);
    assertThat(read.wildcards()).isZero();
    assertThat(Selector.parse(read.toString())).isEqualTo(read);
  }
}
