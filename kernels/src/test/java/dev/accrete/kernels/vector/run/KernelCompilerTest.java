package dev.accrete.kernels.vector.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelCompilerTest {
  private static final String SERVER = "OpenJDK 64-Bit Server VM";
  private static final String MIXED = "mixed mode, sharing";
  private static final Map<String, String> USUAL =
      Map.of(
          "MaxVectorSize", "64",
          "UseCompiler", "true",
          "TieredCompilation", "true",
          "TieredStopAtLevel", "4",
          "CompilationMode", "default");

  private static KernelCompiler with(String flag, String value) {
    Map<String, String> flags = new HashMap<>(USUAL);
    flags.put(flag, value);
    return new KernelCompiler(SERVER, "Temurin-25", MIXED, List.of(), flags);
  }

  @Test
  void nothingIsSaidOfTheJvmOfTheseTests() {
    assertThat(KernelCompiler.ofThisJvm().obstacle()).isEmpty();
    assertThat(KernelCompiler.ofThisJvm().flags()).containsKeys("UseCompiler", "MaxVectorSize");
  }

  @ParameterizedTest
  @CsvSource({
    "UseCompiler, false, -XX:-UseCompiler",
    "TieredStopAtLevel, 1, -XX:TieredStopAtLevel=1",
    "TieredStopAtLevel, 3, -XX:TieredStopAtLevel=3",
    "CompilationMode, quick-only, -XX:CompilationMode=quick-only",
    "EnableVectorSupport, false, -XX:-EnableVectorSupport",
    "UseJVMCICompiler, true, Graal",
  })
  void aFlagIsNamedWithTheRemedy(String flag, String value, String named) {
    assertThat(with(flag, value).obstacle())
        .hasValueSatisfying(line -> assertThat(line).contains(named, "start java").hasLineCount(1));
  }

  @ParameterizedTest
  @CsvSource({
    "TieredCompilation, false",
    "CompilationMode, high-only",
    "EnableVectorSupport, true",
    "UseJVMCICompiler, false",
  })
  void whatDoesNoHarmIsPassedOver(String flag, String value) {
    assertThat(with(flag, value).obstacle()).isEmpty();
  }

  @Test
  void interpretingIsNamedAsItWasAskedFor() {
    KernelCompiler compiler =
        new KernelCompiler(SERVER, "", "interpreted mode", List.of("-Xint"), USUAL);
    assertThat(compiler.obstacle().orElse("")).contains("-Xint ").doesNotContain("UseCompiler");
  }

  @Test
  void theClientThatIsEmulatedIsFound() {
    String mode = "mixed mode, emulated-client, sharing";
    assertThat(new KernelCompiler(SERVER, "", mode, List.of(), USUAL).obstacle().orElse(""))
        .contains("NeverActAsServerClassMachine");
  }

  @ParameterizedTest
  @CsvSource({"Eclipse OpenJ9 VM", "OpenJDK 64-Bit Zero VM", "OpenJDK 64-Bit Client VM"})
  void otherVirtualMachinesAreNamed(String vm) {
    Map<String, String> flags = vm.startsWith("OpenJDK") ? Map.of("UseCompiler", "true") : Map.of();
    assertThat(new KernelCompiler(vm, "", "", List.of(), flags).obstacle().orElse(""))
        .contains(vm, "no C2", "Server VM");
  }

  /** As where the module that tells flags was left out of a runtime. */
  @Test
  void aServerThatTellsNoFlagsIsTrusted() {
    for (String vm : List.of(SERVER, "Java HotSpot(TM) 64-Bit Server VM")) {
      assertThat(new KernelCompiler(vm, "", MIXED, List.of(), Map.of()).obstacle()).isEmpty();
    }
  }

  @Test
  void graalIsKnownByItsVendorWhereItsFlagIsLocked() {
    String vendor = "Oracle GraalVM 25+37.1";
    assertThat(new KernelCompiler(SERVER, vendor, MIXED, List.of(), USUAL).obstacle().orElse(""))
        .contains("-XX:-UseJVMCICompiler");
    Map<String, String> off = new HashMap<>(USUAL);
    off.put("UseJVMCICompiler", "false");
    assertThat(new KernelCompiler(SERVER, vendor, MIXED, List.of(), off).obstacle()).isEmpty();
  }
}
