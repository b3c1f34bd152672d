package dev.accrete.kernels.vector.run;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/** What the JVM makes of the processor. */
public final class Processor {
  private static final boolean FUSED_MULTIPLY_ADD = fusedMultiplyAdd();

  private Processor() {}

  /** Whether the JVM compiles {@code fma} to an instruction; true if it does not tell. */
  public static boolean hasFusedMultiplyAdd() {
    return FUSED_MULTIPLY_ADD;
  }

  private static boolean fusedMultiplyAdd() {
    try {
      // HotSpot clears the option itself where the processor has no such instruction.
      HotSpotDiagnosticMXBean bean =
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      return bean == null || Boolean.parseBoolean(bean.getVMOption("UseFMA").getValue());
    } catch (IllegalArgumentException | LinkageError e) {
      // Another JVM, or one that was linked without the module.
      return true;
    }
  }
}
