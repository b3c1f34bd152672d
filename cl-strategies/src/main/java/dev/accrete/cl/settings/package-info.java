/**
 * Settings declared once: a record whose components carry {@link dev.accrete.cl.settings.Setting}
 * is a set of named, documented, range-checked settings; help texts, configuration files and errors
 * follow from the declaration.
 */
@NullMarked
package dev.accrete.cl.settings;

import org.jspecify.annotations.NullMarked;
