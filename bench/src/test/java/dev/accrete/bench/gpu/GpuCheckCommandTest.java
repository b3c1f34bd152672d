package dev.accrete.bench.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class GpuCheckCommandTest {
  @Test
  void comparesOpsAndBothKindsOfKernelsForProducts() throws Exception {
    EmulatedDevice.install();
    StringWriter console = new StringWriter();
    GpuCheckCommand command = new GpuCheckCommand();
    new CommandLine(command)
        .setOut(new PrintWriter(console))
        .parseArgs("--parity", "--only", "^Conv2d$");
    assertThat(command.call()).isZero();
    assertThat(console.toString())
        .contains("all agree with reference")
        .containsPattern("tf32 by wgmma beside the portable kernels: 1 products, 0 failed")
        .containsPattern("bf16 by wgmma beside the portable kernels: 1 products, 0 failed");
  }
}
