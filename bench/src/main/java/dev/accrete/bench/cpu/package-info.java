/** {@code bench cpu}: a list of cases, ours and the best peer side by side. */
@NullMarked
package dev.accrete.bench.cpu;

import org.jspecify.annotations.NullMarked;
