/**
 * Labelled image sets: CORe50 and its simulation, CIFAR-10, IDX files and image folders, all read
 * through {@link dev.accrete.cl.data.ImageSet} and cached by {@link
 * dev.accrete.cl.data.PackedImages}.
 */
@NullMarked
package dev.accrete.cl.data;

import org.jspecify.annotations.NullMarked;
