package dev.accrete.production.serve.live;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The images of one request, all answered by one version. Every image must be {@link #submit
 * submitted} or {@link #fail failed} once; when the last is answered, the version is left.
 */
public final class Job {
  private final LiveModel model;
  private final Batcher batcher;
  private final boolean canary;
  private final Slot[] slots;
  private final AtomicInteger left;
  private final CountDownLatch answered = new CountDownLatch(1);
  private final long start = System.nanoTime();

  /** What is known of an image; written before the latch falls, read after. */
  private static final class Slot {
    private byte @Nullable [] pixels;
    private @Nullable Scores scores;
    private @Nullable Throwable failure;
  }

  /** The model was entered for this, and so many images were admitted. */
  Job(LiveModel model, Batcher batcher, boolean canary, int images) {
    this.model = model;
    this.batcher = batcher;
    this.canary = canary;
    left = new AtomicInteger(images);
    slots = new Slot[images];
    for (int i = 0; i < images; i++) {
      slots[i] = new Slot();
    }
  }

  /** The version that answers; its names stay valid when it is closed. */
  public LiveModel model() {
    return model;
  }

  /** Whether the version is a candidate that answers for the champion. */
  public boolean canary() {
    return canary;
  }

  /** How many images there are. */
  public int size() {
    return slots.length;
  }

  /** Room for the pixels of an image, to be {@link #submit submitted}. */
  public byte[] pixels() {
    return model.take();
  }

  /** An image is decoded. */
  public void submit(int index, byte[] pixels) {
    Slot slot = slots[index];
    slot.pixels = pixels;
    batcher.submit(
        new Ticket(model, pixels, true) {
          @Override
          void answered(double[] probabilities, int from) {
            slot.scores = new Scores(probabilities, from, model.classes().size());
            done();
          }

          @Override
          void failed(Throwable why) {
            slot.failure = why;
            done();
          }
        });
  }

  /** An image cannot be decoded. */
  public void fail(int index, Throwable why) {
    slots[index].failure = why;
    batcher.withdraw();
    done();
  }

  private void done() {
    batcher.release();
    if (left.decrementAndGet() == 0) {
      model.leave();
      answered.countDown();
    }
  }

  /** Waits for all answers; returns false if they did not come in time. */
  public boolean await(Duration most) throws InterruptedException {
    return answered.await(most.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Nanoseconds since the images were admitted. */
  public long nanos() {
    return System.nanoTime() - start;
  }

  /** Why an image has no answer; empty if it has one. */
  public Optional<Throwable> failure(int index) {
    return Optional.ofNullable(slots[index].failure);
  }

  /** The answer for an image that did not fail. */
  public Scores scores(int index) {
    return Objects.requireNonNull(slots[index].scores, "this image failed");
  }

  /** The pixels of an image that was submitted; the caller's from now on. */
  byte[] keep(int index) {
    return Objects.requireNonNull(slots[index].pixels, "this image failed");
  }
}
