/** NVIDIA's own libraries on the work of our ops: which are there, and how they are called. */
@NullMarked
package dev.accrete.bench.gpu.vendor;

import org.jspecify.annotations.NullMarked;
