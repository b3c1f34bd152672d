package dev.accrete.kernels.vector.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerPoolTest {
  @ParameterizedTest
  @CsvSource({"1, 0", "1, 5", "2, 1", "2, 3", "3, 2", "7, 100", "4, 1000"})
  void everyTileRunsExactlyOnce(int threads, int tiles) {
    try (WorkerPool pool = new WorkerPool(threads)) {
      for (int repetition = 0; repetition < 200; repetition++) {
        AtomicIntegerArray runs = new AtomicIntegerArray(tiles);
        pool.run(tiles, (tile, scratch) -> runs.incrementAndGet(tile));
        for (int tile = 0; tile < tiles; tile++) {
          assertThat(runs.get(tile)).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void tilesRunAtTheSameTime() {
    try (WorkerPool pool = new WorkerPool(3)) {
      CountDownLatch together = new CountDownLatch(3);
      AtomicInteger met = new AtomicInteger();
      pool.run(
          3,
          (tile, scratch) -> {
            together.countDown();
            if (await(together)) {
              met.incrementAndGet();
            }
          });
      assertThat(met.get()).isEqualTo(3);
    }
  }

  @Test
  void idleThreadsTakeTilesOfOneThatIsHeldUp() {
    try (WorkerPool pool = new WorkerPool(2)) {
      CountDownLatch others = new CountDownLatch(9);
      AtomicInteger late = new AtomicInteger();
      pool.run(
          10,
          (tile, scratch) -> {
            if (tile != 0) {
              others.countDown();
            } else if (!await(others)) {
              late.incrementAndGet();
            }
          });
      assertThat(late.get()).isZero();
    }
  }

  @Test
  void exceptionOfAnyTileReachesTheCallerAndThePoolGoesOn() {
    try (WorkerPool pool = new WorkerPool(2)) {
      for (int failing = 0; failing < 8; failing++) {
        int bad = failing;
        assertThatThrownBy(
                () ->
                    pool.run(
                        8,
                        (tile, scratch) -> {
                          if (tile == bad) {
                            throw new IllegalStateException("tile " + bad);
                          }
                        }))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("tile " + bad);
      }
      AtomicInteger sum = new AtomicInteger();
      pool.run(8, (tile, scratch) -> sum.addAndGet(tile));
      assertThat(sum.get()).isEqualTo(28);
    }
  }

  /** As on a machine whose other processors are taken: the caller alone does everything. */
  @Test
  void threadsThatComeLateHoldNothingUp() throws InterruptedException {
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch came = new CountDownLatch(2);
    ThreadFactory late =
        work ->
            Thread.ofPlatform()
                .daemon()
                .unstarted(
                    () -> {
                      await(held);
                      came.countDown();
                      work.run();
                    });
    try (WorkerPool pool = new WorkerPool(3, late)) {
      AtomicInteger sum = new AtomicInteger();
      for (int i = 0; i < 100; i++) {
        pool.run(7, (tile, scratch) -> sum.addAndGet(tile));
      }
      assertThat(sum).hasValue(100 * 21);
      held.countDown();
      came.await();
      for (int i = 0; i < 10_000; i++) {
        pool.run(7, (tile, scratch) -> sum.addAndGet(tile));
      }
      assertThat(sum).hasValue(10_100 * 21);
    }
  }

  @Test
  void workersWakeAfterARest() throws InterruptedException {
    try (WorkerPool pool = new WorkerPool(2)) {
      AtomicInteger count = new AtomicInteger();
      for (int i = 0; i < 3; i++) {
        Thread.sleep(30);
        pool.run(2, (tile, scratch) -> count.incrementAndGet());
      }
      assertThat(count.get()).isEqualTo(6);
    }
  }

  /** Rests that are too long to be looked through, so that all threads sleep and are woken. */
  @Test
  void workersThatSleepAreWokenEachTime() throws InterruptedException {
    try (WorkerPool pool = new WorkerPool(3)) {
      for (int i = 0; i < 50; i++) {
        Thread.sleep(2);
        CountDownLatch together = new CountDownLatch(3);
        AtomicInteger met = new AtomicInteger();
        pool.run(
            3,
            (tile, scratch) -> {
              together.countDown();
              if (await(together)) {
                met.incrementAndGet();
              }
            });
        assertThat(met).hasValue(3);
      }
    }
  }

  @Test
  void callersTakeTurns() throws InterruptedException {
    try (WorkerPool pool = new WorkerPool(2)) {
      AtomicInteger count = new AtomicInteger();
      Runnable caller =
          () -> {
            for (int i = 0; i < 300; i++) {
              pool.run(4, (tile, scratch) -> count.incrementAndGet());
            }
          };
      Thread first = Thread.ofPlatform().start(caller);
      Thread second = Thread.ofPlatform().start(caller);
      first.join();
      second.join();
      assertThat(count.get()).isEqualTo(2 * 300 * 4);
    }
  }

  @Test
  void reserveGivesEveryThreadItsScratch() {
    try (WorkerPool pool = new WorkerPool(3)) {
      pool.reserve(1000);
      assertThat(pool.bytes()).isEqualTo(3 * 4000);
    }
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
