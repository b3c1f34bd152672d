package dev.accrete.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.AccreteException;
import dev.accrete.core.BackendProvider.Availability;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CudaRequestTest {
  private static CudaRequest request(String text) {
    return CudaRequest.of(text, Optional.empty());
  }

  @Test
  void namesADeviceOrTheEmulatorOrNone() {
    assertThat(request("").ordinal()).isZero();
    assertThat(request("").explicit()).isFalse();
    assertThat(request("3").ordinal()).isEqualTo(3);
    assertThat(request("3").explicit()).isTrue();
    assertThat(request("emulated").emulated()).isTrue();
    assertThat(request("off").mode()).isEqualTo(CudaRequest.Mode.OFF);
    assertThatThrownBy(() -> request("gpu"))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("ACCRETE_CUDA is 'gpu'")
        .hasMessageContaining("emulated");
  }

  @Test
  void whatIsMissingIsNamed() {
    assertThat(DriverProbe.probe(request("off")))
        .isEqualTo(new Availability(false, "switched off by ACCRETE_CUDA=off"));
    CudaRequest lost = CudaRequest.of("emulated", Optional.of(Path.of("/nowhere")));
    assertThat(DriverProbe.probe(lost).available()).isFalse();
    assertThat(DriverProbe.probe(lost).detail()).contains("native/emulator/build");
  }

  @Test
  void aDeviceThatIsNotThereIsNamed() {
    CudaRequest seventh = request("700");
    Availability availability = DriverProbe.probe(seventh);
    assertThat(availability.available()).isFalse();
    assertThat(availability.detail()).containsAnyOf("no device 700", "no NVIDIA driver", "Linux");
  }
}
