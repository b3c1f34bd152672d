package dev.accrete.app;

import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar on a terminal, drawn over and over, with the time left. */
final class LiveBar implements Bar {
  private static final int NAME_WIDTH = 22;
  private static final int REFRESH_MILLIS = 200;

  private final ProgressBar bar;

  /**
   * Opens a bar.
   *
   * @param done of {@code total} units were done before, which says nothing about speed
   */
  LiveBar(String name, long done, long total) {
    bar =
        new ProgressBarBuilder()
            .setTaskName(name + " ".repeat(Math.max(0, NAME_WIDTH - name.length())))
            .setInitialMax(total)
            .startsFrom(done, Duration.ZERO)
            .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
            .setUpdateIntervalMillis(REFRESH_MILLIS)
            .build();
  }

  @Override
  public void to(long done, String message) {
    bar.stepTo(done);
    bar.setExtraMessage(message);
  }

  @Override
  public void close() {
    bar.close();
  }
}
