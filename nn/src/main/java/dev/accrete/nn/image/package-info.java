/** Pictures as users have them, to planar pixels of one size. */
@NullMarked
package dev.accrete.nn.image;

import org.jspecify.annotations.NullMarked;
