/** What a model learns of a class from a few images, and what it loses. */
@NullMarked
package dev.accrete.bench.teach;

import org.jspecify.annotations.NullMarked;
