package dev.accrete.bench.gpu.vendor;

import java.util.List;

/** An op by a vendor's library, with all that is made for it once. */
public interface VendorCall extends Owned.Resource {
  /**
   * Gives the stream the op to do, and does not wait.
   *
   * @param operands those of the op, in the layout that the call was opened for
   * @param results likewise
   * @throws dev.accrete.core.AccreteException naming the call and its status if it is refused
   */
  void enqueue(List<DeviceFloats> operands, List<DeviceFloats> results);

  /** How many of the op's results it gives, from the first on. */
  default int results() {
    return 1;
  }

  /** What is called, for example {@code libcublas.so.13 130100}. */
  String description();

  @Override
  void close();
}
