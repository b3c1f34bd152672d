/**
 * The renderer of the simulated CORe50: fifty objects ({@link
 * dev.accrete.cl.data.sim.ObjectCatalog}) as small triangle meshes, a hand that holds them, eleven
 * recording sessions and a camera.
 *
 * <p>A frame is a pure function of session, object, frame and size. The arithmetic is IEEE-strict
 * and uses no platform-dependent function, so every machine computes the same bytes.
 */
@NullMarked
package dev.accrete.cl.data.sim;

import org.jspecify.annotations.NullMarked;
