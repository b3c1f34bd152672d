/** What a person had better look at: labels that are likely wrong, answers that are doubtful. */
@NullMarked
package dev.accrete.production.review;

import org.jspecify.annotations.NullMarked;
