package dev.accrete.kernels.vector.tensor;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector width of all kernels, chosen once: the preferred one of this processor, at most 512
 * bits. The system property {@code accrete.vector.bits} (128, 256 or 512) overrides it.
 */
public final class Lanes {
  /** Channels of one block of the activation layout. */
  public static final int BLOCK = 16;

  /**
   * Must be a compile-time constant to the JIT: a species in an instance field costs a factor of
   * 100.
   */
  public static final VectorSpecies<Float> SPECIES = choose();

  /** Floats per vector; divides {@link #BLOCK}. */
  public static final int WIDTH = SPECIES.length();

  /** The same width in doubles. */
  public static final VectorSpecies<Double> DOUBLES =
      VectorShape.forBitSize(SPECIES.vectorBitSize()).withLanes(double.class);

  /** Doubles per vector. */
  public static final int DOUBLE_WIDTH = DOUBLES.length();

  /**
   * Whether 16 vector registers are assumed, as most x86 processors have below 512 bits, not 32.
   */
  public static final boolean FEW_REGISTERS =
      WIDTH < BLOCK && !System.getProperty("os.arch", "").equals("aarch64");

  private Lanes() {}

  private static VectorSpecies<Float> choose() {
    int bits =
        Integer.getInteger(
            "accrete.vector.bits", Math.min(512, FloatVector.SPECIES_PREFERRED.vectorBitSize()));
    if (bits != 128 && bits != 256 && bits != 512) {
      throw new IllegalArgumentException(
          "accrete.vector.bits is " + bits + ", must be 128, 256 or 512");
    }
    return VectorShape.forBitSize(bits).withLanes(float.class);
  }
}
