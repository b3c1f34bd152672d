/**
 * The oracle: every op as plain loops over canonical layout, accumulating in double precision. Slow
 * on purpose; the other backends are tested against it.
 */
@NullMarked
package dev.accrete.kernels.reference;

import org.jspecify.annotations.NullMarked;
