/**
 * The performance of the CUDA backend on a GPU: measured by device events, judged by a baseline.
 */
@NullMarked
package dev.accrete.bench.gpu;

import org.jspecify.annotations.NullMarked;
