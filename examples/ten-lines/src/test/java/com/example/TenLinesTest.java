package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.nn.Model;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TenLinesTest {
  @Test
  void learnsAndExportsWhatItLearned(@TempDir Path folder) {
    Path file = folder.resolve("model.safetensors");
    TenLines.main(new String[] {file.toString()});
    Model model = Model.load(file);
    assertThat(model.classes()).hasSizeGreaterThanOrEqualTo(10);
    assertThat(model.provenance()).containsEntry("strategy", "ar1-star").containsEntry("days", "5");
  }
}
