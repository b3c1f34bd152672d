/** The report of a run: one HTML page that needs nothing else. */
@NullMarked
package dev.accrete.cl.run.report;

import org.jspecify.annotations.NullMarked;
