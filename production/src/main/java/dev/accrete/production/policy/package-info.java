/**
 * What a store's owner decides, in one file that says everything: {@code policy.yaml}. A policy is
 * never undefined; what a file leaves out has a documented default.
 */
@NullMarked
package dev.accrete.production.policy;

import org.jspecify.annotations.NullMarked;
