/** Pictures that stand in pages themselves, which then need no file beside them. */
@NullMarked
package dev.accrete.production.page;

import org.jspecify.annotations.NullMarked;
