/** {@code bench kills}: a production store whose daily loop is killed at random points. */
@NullMarked
package dev.accrete.bench.kills;

import org.jspecify.annotations.NullMarked;
