/**
 * NVIDIA GPUs through the CUDA driver and JCuda, with the kernels of {@code native/cuda}.
 *
 * <p>A graph becomes a program of launches, copies and fills over one planned arena, which is
 * captured into a CUDA graph once and then replayed. Activations are channels-last on the device,
 * variables and inputs canonical. No class of JCuda is touched before the probe has found a driver:
 * a class whose native library fails to load stays broken for the life of the process.
 */
@NullMarked
package dev.accrete.kernels.cuda;

import org.jspecify.annotations.NullMarked;
