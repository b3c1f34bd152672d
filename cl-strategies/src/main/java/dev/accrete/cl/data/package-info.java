/**
 * Labelled image sets. A {@link dev.accrete.cl.data.DataProvider} makes a {@link
 * dev.accrete.cl.data.DataSource} of what {@code --data} names: CORe50 and its simulation,
 * CIFAR-10, IDX files, image folders, or what a program brings along. All are read through {@link
 * dev.accrete.cl.data.ImageSet} and cached by {@link dev.accrete.cl.data.PackedImages}.
 *
 * <p>The content of a set decides what it is, wherever it lies and whenever it was written: its
 * {@linkplain dev.accrete.cl.data.ImageSet#fingerprint fingerprint} names its pack in the cache,
 * and that of one image lets another pack hand over its pixels.
 */
@NullMarked
package dev.accrete.cl.data;

import org.jspecify.annotations.NullMarked;
