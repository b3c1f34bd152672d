package dev.accrete.cl.strategy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Words of 32 bits as the bytes of a checkpoint, lowest byte first. */
final class WordBytes {
  private WordBytes() {}

  static byte[] of(int[] words) {
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * words.length);
    bytes.order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(words);
    return bytes.array();
  }

  /** The words again; {@code bytes} must hold whole ones. */
  static int[] words(byte[] bytes) {
    int[] words = new int[bytes.length / Integer.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(words);
    return words;
  }
}
