/** The command line: {@code accrete demo}, {@code run}, {@code eval}, {@code info} and others. */
@NullMarked
package dev.accrete.app;

import org.jspecify.annotations.NullMarked;
