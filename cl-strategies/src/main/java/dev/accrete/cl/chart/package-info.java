/** Charts as SVG, and text of HTML pages: what reports are drawn with. */
@NullMarked
package dev.accrete.cl.chart;

import org.jspecify.annotations.NullMarked;
