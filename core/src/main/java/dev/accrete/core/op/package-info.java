/**
 * The op IR: a sealed family of records, each with its shape inference and its count of
 * multiply-accumulates. An op is a pure function of its inputs; graphs bind results to variables.
 */
@NullMarked
package dev.accrete.core.op;

import org.jspecify.annotations.NullMarked;
