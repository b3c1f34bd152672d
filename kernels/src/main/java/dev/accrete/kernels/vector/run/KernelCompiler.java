package dev.accrete.kernels.vector.run;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How a JVM compiles kernels. Only C2 turns what the Vector API says into vector instructions;
 * without it every vector is an object and every operation a loop over its lanes.
 *
 * @param vm the name of the virtual machine, {@code java.vm.name}
 * @param vendor its version as its vendor gives it, {@code java.vendor.version}
 * @param mode how it runs code, {@code java.vm.info}
 * @param options what it was started with
 * @param flags the values of those of {@link #FLAGS} that it has; none if it does not tell
 */
public record KernelCompiler(
    String vm, String vendor, String mode, List<String> options, Map<String, String> flags) {
  /** A flag that every HotSpot with a C2 has, and no other. */
  static final String ONLY_WITH_C2 = "MaxVectorSize";

  static final List<String> FLAGS =
      List.of(
          ONLY_WITH_C2,
          "UseCompiler",
          "TieredCompilation",
          "TieredStopAtLevel",
          "CompilationMode",
          "EnableVectorSupport",
          "UseJVMCICompiler");

  private static final int LEVEL_OF_C2 = 4;

  /** Copies the collections. */
  public KernelCompiler {
    options = List.copyOf(options);
    flags = Map.copyOf(flags);
  }

  /** What compiles kernels here. */
  public static KernelCompiler ofThisJvm() {
    Map<String, String> flags = new TreeMap<>();
    List<String> options = List.of();
    try {
      options = ManagementFactory.getRuntimeMXBean().getInputArguments();
      HotSpotDiagnosticMXBean bean =
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      if (bean != null) {
        FLAGS.forEach(flag -> value(bean, flag).ifPresent(value -> flags.put(flag, value)));
      }
    } catch (LinkageError e) {
      // Linked without the module: what little the system's properties tell must do.
    }
    return new KernelCompiler(
        System.getProperty("java.vm.name", ""),
        System.getProperty("java.vendor.version", ""),
        System.getProperty("java.vm.info", ""),
        options,
        flags);
  }

  /** Nothing for a flag that this JVM does not have, or does not show unless it is unlocked. */
  private static Optional<String> value(HotSpotDiagnosticMXBean bean, String flag) {
    try {
      return Optional.of(bean.getVMOption(flag).getValue());
    } catch (IllegalArgumentException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  /** Why kernels can never be fast, and what to do about it, in one line; nothing if they can. */
  public Optional<String> obstacle() {
    return cause().map("kernels stay far below the processor's speed: "::concat);
  }

  private Optional<String> cause() {
    if (!hasC2()) {
      return Optional.of(
          "this JVM ("
              + vm
              + ") has no C2 compiler, for which they are written; start the java of an OpenJDK"
              + " with a 'Server VM', such as Eclipse Temurin");
    }
    if ("false".equals(flags.get("UseCompiler")) || mode.contains("interpreted mode")) {
      String option = options.contains("-Xint") ? "-Xint" : "-XX:-UseCompiler";
      return Optional.of("with " + option + " nothing is compiled; start java without it");
    }
    if (stopsBeforeC2()) {
      return without("-XX:TieredStopAtLevel=" + flags.get("TieredStopAtLevel"));
    }
    if ("quick-only".equals(flags.get("CompilationMode"))) {
      return without("-XX:CompilationMode=quick-only");
    }
    if (mode.contains("emulated-client")) {
      return without("-XX:+NeverActAsServerClassMachine");
    }
    if ("false".equals(flags.get("EnableVectorSupport"))) {
      return without("-XX:-EnableVectorSupport");
    }
    if (isGraal()) {
      return Optional.of(
          "Graal compiles them here instead of C2, for which they are written; start java with"
              + " -XX:+UnlockExperimentalVMOptions -XX:-UseJVMCICompiler, or another OpenJDK");
    }
    return Optional.empty();
  }

  private static Optional<String> without(String option) {
    return Optional.of(
        "with "
            + option
            + " the C2 compiler does not make vector instructions of them; start java without it");
  }

  private boolean hasC2() {
    return flags.containsKey(ONLY_WITH_C2)
        || (flags.isEmpty() && vm.matches("(OpenJDK|Java HotSpot).* Server VM"));
  }

  private boolean stopsBeforeC2() {
    return !"false".equals(flags.get("TieredCompilation"))
        && Integer.parseInt(flags.getOrDefault("TieredStopAtLevel", "4")) < LEVEL_OF_C2;
  }

  private boolean isGraal() {
    String jvmci = flags.get("UseJVMCICompiler");
    return "true".equals(jvmci) || (jvmci == null && vendor.contains("GraalVM"));
  }
}
