/**
 * What stands between a candidate and the users: {@link dev.accrete.production.gate.Gate} compares
 * it with the champion, image by image and slice by slice, {@link
 * dev.accrete.production.gate.LoadAndQuery} loads it in a process of its own, and a {@link
 * dev.accrete.production.gate.Verdict} tells every value and every reason.
 */
@NullMarked
package dev.accrete.production.gate;

import org.jspecify.annotations.NullMarked;
