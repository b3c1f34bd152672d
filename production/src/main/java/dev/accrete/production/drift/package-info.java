/**
 * How a day differs from the days before: its classes, how its images look, what the network sees
 * in them; and whether a stream of errors has changed.
 */
@NullMarked
package dev.accrete.production.drift;

import org.jspecify.annotations.NullMarked;
