/** The command line: {@code accrete demo}, {@code run}, {@code eval}, {@code info} and others. */
@NullMarked
package dev.accrete.cl.cli;

import org.jspecify.annotations.NullMarked;
