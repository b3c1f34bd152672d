package dev.accrete.cl.data;

/** Hears how far a long preparation has come. Called from worker threads, one at a time. */
@FunctionalInterface
public interface ProgressListener {
  /** A listener that does nothing. */
  ProgressListener NONE = (done, total) -> {};

  /** {@code done} of {@code total} images are ready. */
  void progress(long done, long total);
}
