package dev.accrete.bench.gpu;

/** Something on the device, compiled and loaded, to be timed. */
interface Workload extends AutoCloseable {
  /**
   * Compares with the reference backend.
   *
   * @return what was compared
   * @throws dev.accrete.core.AccreteException or dev.accrete.kernels.spec.SpecFailure if it differs
   */
  String check();

  /** Gives the device one portion of work, and does not wait. */
  void launch();

  /**
   * Looks at the state after the last portion.
   *
   * @throws dev.accrete.core.AccreteException if it holds NaN: then the times mean nothing
   */
  void finish();

  /** How often a portion does the work that is reported: in turn on other memory each time. */
  int repetitions();

  /** The bytes that the work must move at least; 0 = not counted. */
  long bytes();

  /** The floating-point operations that it must do; 0 = not counted. */
  long operations();

  /** The memory that a portion goes through; 0 = not counted. */
  default long rotatedBytes() {
    return bytes() * repetitions();
  }

  /** How many samples to take where others take {@code usual}. */
  default int samples(int usual) {
    return usual;
  }

  @Override
  void close();
}
