/**
 * Work to time, and processes that time it: a {@link dev.accrete.bench.work.Task} goes to a {@link
 * dev.accrete.bench.work.Contender} as one JSON file and comes back as another, a {@link
 * dev.accrete.bench.work.Measurement}. The processes of the engines that are compared live at the
 * same time and run one at a time, in turns; see {@link dev.accrete.bench.work.Alternation}.
 */
@NullMarked
package dev.accrete.bench.work;

import org.jspecify.annotations.NullMarked;
