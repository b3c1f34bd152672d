/**
 * Past one machine: statistics of {@code analytic} are sums, so partitions of any number of images
 * are learned apart and added up; predictions, days and runs are spread likewise.
 */
@NullMarked
package dev.accrete.spark;

import org.jspecify.annotations.NullMarked;
