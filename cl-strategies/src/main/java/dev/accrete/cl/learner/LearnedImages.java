package dev.accrete.cl.learner;

import dev.accrete.cl.data.ImageSet;
import dev.accrete.core.AccreteException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Which images were learned under which names of classes, so that no others are forgotten and none
 * twice: of each the first 64 bits of a SHA-256 over its class's name and its pixels. They go when
 * the image goes.
 */
final class LearnedImages {
  /** Sorted; as often as the image was learned. */
  private final long[] keys;

  private LearnedImages(long[] sorted) {
    keys = sorted;
  }

  /** None. */
  static LearnedImages none() {
    return new LearnedImages(new long[0]);
  }

  /** Those that {@link #keys} gave. */
  static LearnedImages of(long[] keys) {
    long[] sorted = keys.clone();
    Arrays.sort(sorted);
    return new LearnedImages(sorted);
  }

  long[] keys() {
    return keys.clone();
  }

  int size() {
    return keys.length;
  }

  /** These and all of a set. */
  LearnedImages with(ImageSet images) {
    return joined(keysOf(images));
  }

  /** These and others. */
  LearnedImages with(LearnedImages others) {
    return joined(others.keys);
  }

  private LearnedImages joined(long[] more) {
    long[] all = Arrays.copyOf(keys, keys.length + more.length);
    System.arraycopy(more, 0, all, keys.length, more.length);
    Arrays.sort(all);
    return new LearnedImages(all);
  }

  /** How many of a set are among them; one that is there once counts once. */
  int known(ImageSet images) {
    return keys.length == 0 ? 0 : common(of(keysOf(images)));
  }

  /** How many of these others have too. */
  int common(LearnedImages others) {
    int count = 0;
    int other = 0;
    for (long key : keys) {
      while (other < others.keys.length && others.keys[other] < key) {
        other++;
      }
      if (other < others.keys.length && others.keys[other] == key) {
        count++;
        other++;
      }
    }
    return count;
  }

  /**
   * These without all of a set.
   *
   * @throws AccreteException naming the first image that is not among them as often as in the set
   */
  LearnedImages without(ImageSet images) {
    long[] gone = keysOf(images);
    Map<Long, Integer> wanted = new HashMap<>();
    for (long key : gone) {
      wanted.merge(key, 1, Integer::sum);
    }
    long[] rest = new long[keys.length];
    int kept = 0;
    for (long key : keys) {
      Integer left = wanted.get(key);
      if (left == null || left == 0) {
        rest[kept++] = key;
      } else {
        wanted.put(key, left - 1);
      }
    }
    long missing = wanted.values().stream().mapToLong(Integer::longValue).sum();
    if (missing > 0) {
      for (int i = images.size() - 1; i >= 0; i--) {
        if (wanted.getOrDefault(gone[i], 0) > 0) {
          throw new AccreteException(
              missing
                  + " of the "
                  + images.size()
                  + " images of "
                  + images.name()
                  + " were not learned, or are forgotten already, among them "
                  + images.describe(i)
                  + " as '"
                  + images.classNames().get(images.label(i))
                  + "': leave those out; nothing was forgotten");
        }
      }
    }
    return new LearnedImages(Arrays.copyOf(rest, kept));
  }

  private static long[] keysOf(ImageSet images) {
    byte[] pixels = new byte[images.channels() * images.height() * images.width()];
    long[] keys = new long[images.size()];
    MessageDigest sha = sha256();
    for (int i = 0; i < keys.length; i++) {
      String name = images.classNames().get(images.label(i));
      sha.update(name.getBytes(StandardCharsets.UTF_8));
      sha.update((byte) 0);
      images.read(i, pixels, 0);
      keys[i] = ByteBuffer.wrap(sha.digest(pixels)).getLong();
    }
    return keys;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
