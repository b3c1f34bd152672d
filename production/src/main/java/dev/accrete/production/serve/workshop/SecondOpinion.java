package dev.accrete.production.serve.workshop;

/**
 * What a version that did not answer would have said.
 *
 * @param id of the answer
 * @param agrees whether that is the class that was answered
 */
public record SecondOpinion(
    String id, int version, String label, double probability, boolean agrees) {}
