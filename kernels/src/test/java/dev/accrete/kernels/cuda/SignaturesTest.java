package dev.accrete.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.accrete.core.Backend;
import dev.accrete.core.Precision;
import dev.accrete.kernels.EmulatedCuda;
import dev.accrete.kernels.spec.OpSpec;
import dev.accrete.kernels.spec.OpSpecs;
import dev.accrete.kernels.spec.SpecProgram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jcuda.driver.CUdeviceptr;
import org.junit.jupiter.api.Test;

/** Launches give what kernels take. */
class SignaturesTest {
  private static final Signatures SMALL =
      Signatures.parse("elements/add i4 p8 p8 p8\nconv/conv_forward_64 s56 p8 f4\n");

  private static final Buffer BUFFER = Buffer.fixed(new CUdeviceptr(), 0, 4);

  private static void refused(Signatures.Signature signature, String gives, Object... arguments) {
    assertThatThrownBy(() -> signature.check(List.of(arguments)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("kernel " + signature.kernel() + " takes (")
        .hasMessageContaining("its launch gives (" + gives + ")");
  }

  @Test
  void numberKindAndSizeOfArgumentsAreCompared() {
    Signatures.Signature add = SMALL.of(KernelFile.ELEMENTS, "add");
    add.check(List.of(3, BUFFER, BUFFER, BUFFER));
    refused(add, "i4 p8 p8", 3, BUFFER, BUFFER);
    refused(add, "i4 p8 p8 p8 i4", 3, BUFFER, BUFFER, BUFFER, 1);
    refused(add, "f4 p8 p8 p8", 3f, BUFFER, BUFFER, BUFFER);
    refused(add, "p8 i4 p8 p8", BUFFER, 3, BUFFER, BUFFER);
    Signatures.Signature conv = SMALL.of(KernelFile.CONV, "conv_forward_64");
    conv.check(List.of(new int[14], BUFFER, 1f));
    refused(conv, "s52 p8 f4", new int[13], BUFFER, 1f);
    assertThatThrownBy(() -> conv.check(List.of(new int[14], BUFFER, 1L)))
        .hasMessageContaining("cannot pass class java.lang.Long");
  }

  @Test
  void anUnknownKernelIsNamedWithItsFile() {
    assertThatThrownBy(() -> SMALL.of(KernelFile.NORMS, "add"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no kernel add was built from norms.cu; run native/build");
  }

  @Test
  void everyFileOfKernelsHasSignaturesInTheJar() {
    Set<String> files =
        Signatures.of(Optional.empty()).kernels().stream()
            .map(kernel -> kernel.substring(0, kernel.indexOf('/')))
            .collect(Collectors.toSet());
    assertThat(files)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(KernelFile.values()).map(KernelFile::fileName).toList());
  }

  /**
   * A launch is compared when its step is made: so every launch of every spec is, and each fits.
   */
  @Test
  void allLaunchesOfAllSpecsFitAndEveryKernelIsLaunched() {
    Set<String> launched = new TreeSet<>();
    try (Backend fp32 = Emulator.open()) {
      CudaBackend device = (CudaBackend) fp32;
      List<Backend> backends = new ArrayList<>(List.of(fp32));
      for (Precision precision : List.of(Precision.TF32, Precision.BF16)) {
        for (CoreChoice core : List.of(CoreChoice.PORTABLE, CoreChoice.HOPPER)) {
          backends.add(device.choosing(precision, core));
        }
      }
      Stream.of(OpSpecs.cases(), CoreCheck.cases().stream(), LargeTilesTest.cases())
          .flatMap(cases -> cases)
          .forEach(spec -> backends.forEach(backend -> launched.addAll(launches(spec, backend))));
      backends.subList(1, backends.size()).forEach(Backend::close);
    }
    Signatures built = Signatures.of(EmulatedCuda.folder());
    List<String> ofOps = built.kernels().stream().filter(k -> !k.startsWith("probes/")).toList();
    assertThat(launched)
        .containsAll(ofOps.stream().map(k -> k.substring(k.indexOf('/') + 1)).toList());
  }

  private static List<String> launches(OpSpec.Case spec, Backend backend) {
    List<String> kernels = new ArrayList<>();
    for (SpecProgram.Form form : SpecProgram.Form.values()) {
      if (SpecProgram.exists(spec, form) && SpecProgram.supported(spec, form, backend)) {
        try (SpecProgram program = SpecProgram.compile(spec, form, backend)) {
          kernels.addAll(((CudaPlan) program.plan()).kernels());
        }
      }
    }
    return kernels;
  }
}
