/** Whether one build is slower than another: alternated runs, and a verdict that may doubt. */
@NullMarked
package dev.accrete.bench.regression;

import org.jspecify.annotations.NullMarked;
