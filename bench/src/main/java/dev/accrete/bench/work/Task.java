package dev.accrete.bench.work;

/** What a measuring process is told. */
public record Task(Workload workload, Timing timing) {}
