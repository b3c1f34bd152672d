package dev.accrete.production.gate;

import java.nio.file.Path;

/**
 * An evaluation that was recorded.
 *
 * @param id in the store
 * @param card the page about it
 */
public record Evaluated(long id, Verdict verdict, Path card) {}
