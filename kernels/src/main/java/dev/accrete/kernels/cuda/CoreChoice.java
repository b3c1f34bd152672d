package dev.accrete.kernels.cuda;

import dev.accrete.core.AccreteException;
import java.util.Locale;
import java.util.Optional;

/**
 * Which kernels multiply matrices in TF32 and bf16: the environment variable {@value #VARIABLE}, or
 * the system property {@value #PROPERTY} before it. In fp32 there is one kind alone.
 */
public enum CoreChoice {
  /** {@code mma.sync} and {@code cp.async}, on every device. */
  PORTABLE,

  /** {@code wgmma} and the tensor memory accelerator, on compute capability 9.0 alone. */
  HOPPER,

  /**
   * Hopper's on compute capability 9.0, if they agree with the portable ones on this device when
   * the backend starts.
   */
  AUTO;

  static final String VARIABLE = "ACCRETE_CUDA_CORE";
  static final String PROPERTY = "accrete.cuda.core";

  /**
   * What is asked for now; portable if nothing is. A kernel that fails takes the process's context
   * with it, so that no check could protect those who did not ask for one.
   *
   * @throws AccreteException if it is none of these
   */
  static CoreChoice current() {
    String variable = Optional.ofNullable(System.getenv(VARIABLE)).orElse("");
    return of(Optional.ofNullable(System.getProperty(PROPERTY)).orElse(variable));
  }

  /**
   * Parses "portable", "hopper", "auto", or nothing for portable.
   *
   * @throws AccreteException if it is none of these
   */
  static CoreChoice of(String text) {
    return switch (text) {
      case "", "portable" -> PORTABLE;
      case "hopper" -> HOPPER;
      case "auto" -> AUTO;
      default ->
          throw new AccreteException(
              VARIABLE + " is '" + text + "'; it may be 'portable', 'hopper', or 'auto'");
    };
  }

  /** The name in lower case, as users write it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
