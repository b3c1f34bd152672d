package dev.accrete.kernels.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.accrete.core.AccreteException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/** Asks the driver for tensor maps by {@code cuTensorMapEncodeTiled}, which JCuda does not have. */
final class TensorMapEncoder {
  private static final String FUNCTION = "cuTensorMapEncodeTiled";

  /** CUtensorMap is opaque: 128 bytes, aligned to 64. */
  private static final int BYTES = 128;

  private static final int ALIGNMENT = 64;
  private static final int RANK = 2;

  // The driver's enumerations CUtensorMapDataType, Interleave, Swizzle, L2promotion, FloatOOBfill.
  private static final int TYPE_FLOAT32 = 7;
  private static final int INTERLEAVE_NONE = 0;
  private static final int SWIZZLE_NONE = 0;
  private static final int SWIZZLE_128B = 3;
  private static final int L2_PROMOTION_128B = 2;
  private static final int FILL_ZEROS = 0;

  private final MethodHandle function;

  /**
   * Finds the function.
   *
   * @param library the driver's name or path; it is loaded already
   * @throws AccreteException if the driver is too old to have it
   */
  @SuppressWarnings("restricted") // As DriverProbe.
  TensorMapEncoder(String library) {
    MemorySegment symbol =
        SymbolLookup.libraryLookup(library, Arena.global())
            .find(FUNCTION)
            .orElseThrow(() -> new AccreteException("the NVIDIA driver lacks " + FUNCTION));
    function =
        Linker.nativeLinker()
            .downcallHandle(
                symbol,
                FunctionDescriptor.of(
                    JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS,
                    ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  }

  /**
   * The driver's form of a map.
   *
   * @throws AccreteException if the driver refuses it
   */
  int[] encode(TensorMap map) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment made = arena.allocate(BYTES, ALIGNMENT);
      int status =
          (int)
              function.invokeExact(
                  made,
                  TYPE_FLOAT32,
                  RANK,
                  map.address(),
                  arena.allocateFrom(JAVA_LONG, map.width(), map.height()),
                  arena.allocateFrom(JAVA_LONG, (long) Float.BYTES * map.pitch()),
                  arena.allocateFrom(JAVA_INT, map.boxWidth(), map.boxHeight()),
                  arena.allocateFrom(JAVA_INT, 1, 1),
                  INTERLEAVE_NONE,
                  map.swizzled() ? SWIZZLE_128B : SWIZZLE_NONE,
                  L2_PROMOTION_128B,
                  FILL_ZEROS);
      Cuda.check(status, "describe a matrix to its tensor memory accelerator");
      return made.toArray(JAVA_INT);
    } catch (AccreteException e) {
      throw e;
    } catch (Throwable e) {
      throw new AccreteException("calling " + FUNCTION + " of the NVIDIA driver failed", e);
    }
  }
}
