/** Tests that need other engines; built by the profile peers alone. */
@NullMarked
package dev.accrete.bench.peers;

import org.jspecify.annotations.NullMarked;
