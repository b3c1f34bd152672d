/** Pages that need nothing else: no script, no file beside them, readable on a phone. */
@NullMarked
package dev.accrete.production.page;

import org.jspecify.annotations.NullMarked;
