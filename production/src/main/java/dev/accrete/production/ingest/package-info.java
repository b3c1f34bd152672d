/** Sources of a day's labelled images, and what is looked at before an image is let in. */
@NullMarked
package dev.accrete.production.ingest;

import org.jspecify.annotations.NullMarked;
