/**
 * The whole loop of a day, for cron: take in, learn, judge, promote or leave; and a story of it.
 */
@NullMarked
package dev.accrete.production.daily;

import org.jspecify.annotations.NullMarked;
