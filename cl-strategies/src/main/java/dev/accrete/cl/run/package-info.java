/**
 * Runs strategies over a scenario: the loop, its ledger, checkpoints that survive any kill, and the
 * files a run leaves behind.
 */
@NullMarked
package dev.accrete.cl.run;

import org.jspecify.annotations.NullMarked;
