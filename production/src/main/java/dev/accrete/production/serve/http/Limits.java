package dev.accrete.production.serve.http;

import java.time.Duration;

/**
 * What a client may ask for at most.
 *
 * @param body bytes of a request to classify
 * @param lesson bytes of a request to teach
 * @param image bytes of an image
 * @param pixels of an image
 * @param images of a request to classify
 * @param rate requests a second of a token; 0 for any number
 * @param reading how long the body of a request may take to come; that of a lesson, ten times
 * @param answering how long images may wait for their answer
 * @param teaching how long a lesson may take before the client is told to look later
 * @param memory bytes of all bodies that are in memory together
 */
public record Limits(
    long body,
    long lesson,
    int image,
    long pixels,
    int images,
    int rate,
    Duration reading,
    Duration answering,
    Duration teaching,
    long memory) {
  private static final long MIB = 1L << 20;

  /** Bytes of the largest request. */
  public static final long MOST_BODY = 1L << 30;

  /** Bytes of the largest image. */
  public static final int MOST_IMAGE = 256 << 20;

  /** Pixels of the largest image. */
  public static final long MOST_PIXELS = 1L << 28;

  private static final int MOST_IMAGES = 10_000;
  private static final int MOST_RATE = 1_000_000;

  /** Checks the ranges. */
  public Limits {
    require("the size of a request", body, 1, MOST_BODY, "bytes");
    require("the size of a lesson", lesson, 1, MOST_BODY, "bytes");
    require("the size of an image", image, 1, MOST_IMAGE, "bytes");
    require("the size of an image", pixels, 1, MOST_PIXELS, "pixels");
    require("a request", images, 1, MOST_IMAGES, "images");
    require("the rate of a token", rate, 0, MOST_RATE, "requests a second");
    require("the memory for requests", memory, MIB, Long.MAX_VALUE, "bytes");
    require("the time to read a request", reading.toMillis(), 1, 86_400_000, "ms");
    require("the time to answer a request", answering.toMillis(), 1, 86_400_000, "ms");
    require("the time to teach", teaching.toMillis(), 1, 86_400_000, "ms");
  }

  private static void require(String what, long value, long least, long most, String unit) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          what + " is limited to " + least + " to " + most + " " + unit + ", got " + value);
    }
  }

  /**
   * 32 MiB and 64 images to classify, 256 MiB to teach, 16 MiB and 50 million pixels an image, a
   * quarter of the heap.
   */
  public static Limits defaults() {
    return new Limits(
        32 * MIB,
        256 * MIB,
        (int) (16 * MIB),
        50_000_000,
        64,
        0,
        Duration.ofSeconds(30),
        Duration.ofSeconds(10),
        Duration.ofSeconds(60),
        Math.max(64 * MIB, Runtime.getRuntime().maxMemory() / 4));
  }

  /** The same with other sizes of requests and of images, in bytes. */
  public Limits withBytes(long request, long lessonBytes, int imageBytes) {
    return new Limits(
        request,
        lessonBytes,
        imageBytes,
        pixels,
        images,
        rate,
        reading,
        answering,
        teaching,
        memory);
  }

  /** The same with other numbers of pixels and of images. */
  public Limits withImages(long mostPixels, int perRequest) {
    return new Limits(
        body, lesson, image, mostPixels, perRequest, rate, reading, answering, teaching, memory);
  }

  /** The same with another rate. */
  public Limits withRate(int perSecond) {
    return new Limits(
        body, lesson, image, pixels, images, perSecond, reading, answering, teaching, memory);
  }

  /** The same with other times. */
  public Limits withTimes(Duration read, Duration answer, Duration teach) {
    return new Limits(body, lesson, image, pixels, images, rate, read, answer, teach, memory);
  }

  /** The same with another bound of memory. */
  public Limits withMemory(long bytes) {
    return new Limits(
        body, lesson, image, pixels, images, rate, reading, answering, teaching, bytes);
  }
}
