/** Steps cut into tiles, the threads that run them, and their working memory. */
@NullMarked
package dev.accrete.kernels.vector.run;

import org.jspecify.annotations.NullMarked;
