/**
 * The Vector API backend. Four-dimensional activations are blocked NCHW16c: element (n, c, h, w)
 * lies at {@code ((n * CB + c / 16) * H * W + h * W + w) * 16 + c % 16} with {@code CB = ceil(C /
 * 16)}; lanes beyond C are zero. Images of fewer than 8 channels are planar, everything else is
 * canonical.
 */
@NullMarked
package dev.accrete.kernels.vector;

import org.jspecify.annotations.NullMarked;
