package dev.accrete.kernels.cuda;

/**
 * A device, for reports.
 *
 * @param name as the driver calls it; an emulated one says so
 * @param capability the compute capability, for example {@code 9.0}
 * @param multiprocessors how many there are
 * @param l2Bytes the size of the cache that all of them share
 * @param memoryBytes the size of its memory
 * @param clockMhz the highest clock of the multiprocessors; 0 = the driver does not tell
 * @param driverCuda the CUDA version that the driver supports, for example {@code 13.0}
 * @param busId where it is plugged in, for example {@code 0000:01:00.0}; empty = not told
 */
public record DeviceFacts(
    String name,
    String capability,
    int multiprocessors,
    long l2Bytes,
    long memoryBytes,
    int clockMhz,
    String driverCuda,
    String busId) {
  /** The one compute capability that Hopper's kernels are made for: no later one has wgmma. */
  private static final String HOPPER = "9.0";

  /** Whether Hopper's kernels for products run on it. */
  public boolean runsHopperCore() {
    return capability.equals(HOPPER);
  }
}
