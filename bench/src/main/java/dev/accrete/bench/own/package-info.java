/** Our own engine at each kind of work. */
@NullMarked
package dev.accrete.bench.own;

import org.jspecify.annotations.NullMarked;
