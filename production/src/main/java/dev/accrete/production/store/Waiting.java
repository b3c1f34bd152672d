package dev.accrete.production.store;

/**
 * Labels that came for answers and are in no day yet.
 *
 * @param labels whose images are kept: they make the next day
 * @param lost whose images are not kept: nothing can be learned from them
 */
public record Waiting(int labels, int lost) {}
