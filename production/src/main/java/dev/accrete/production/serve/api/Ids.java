package dev.accrete.production.serve.api;

import java.security.SecureRandom;
import java.util.SplittableRandom;

/** Names of answers: 10 characters of the time, then 16 random ones, as ULIDs have them. */
final class Ids {
  private static final char[] DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
  private static final int BITS = 5;
  private static final int TIME = 10;
  private static final int HALF = 8;

  private final SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());

  String next() {
    long now = System.currentTimeMillis();
    long high;
    long low;
    synchronized (random) {
      high = random.nextLong();
      low = random.nextLong();
    }
    char[] text = new char[TIME + 2 * HALF];
    write(now, text, 0, TIME);
    write(high, text, TIME, HALF);
    write(low, text, TIME + HALF, HALF);
    return new String(text);
  }

  private static void write(long value, char[] text, int at, int count) {
    for (int i = count - 1; i >= 0; i--) {
      text[at + i] = DIGITS[(int) (value >>> (BITS * (count - 1 - i))) & (DIGITS.length - 1)];
    }
  }
}
