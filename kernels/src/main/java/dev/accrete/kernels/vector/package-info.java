/**
 * The Vector API backend: what the service loader finds, and a plan that runs. The rooms below use
 * each other in one direction: lowering, then convolutions, products, norms and ops, then run, then
 * tensor.
 */
@NullMarked
package dev.accrete.kernels.vector;

import org.jspecify.annotations.NullMarked;
