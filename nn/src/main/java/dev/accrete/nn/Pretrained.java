package dev.accrete.nn;

/**
 * Weights to begin with, and what they want.
 *
 * @param weights in the layout of the network they were opened for
 * @param preprocessing how image bytes become floats for them
 * @param head whether the head is theirs too, because the names of its classes are known and are
 *     those asked for; otherwise it is the initial one
 */
public record Pretrained(Weights weights, Preprocessing preprocessing, boolean head) {}
