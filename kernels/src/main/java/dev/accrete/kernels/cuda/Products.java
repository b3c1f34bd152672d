package dev.accrete.kernels.cuda;

import dev.accrete.core.Precision;

/**
 * How products of matrices are computed.
 *
 * @param precision to which their factors may be rounded
 * @param hopper whether Hopper's kernels take those products that they can take
 */
record Products(Precision precision, boolean hopper) {
  /** The kernels that every device has. */
  static Products portable(Precision precision) {
    return new Products(precision, false);
  }

  /** A few words for people; empty for fp32. */
  String label() {
    return precision == Precision.FP32
        ? ""
        : ", " + precision.label() + (hopper ? " by wgmma" : "");
  }
}
