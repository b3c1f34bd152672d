package dev.accrete.cl.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** Builds the content key of an image set: 128 bits of SHA-256 over length-prefixed fields. */
final class Fingerprint {
  private static final int LENGTH = 16;

  private final MessageDigest digest;
  private final byte[] word = new byte[Long.BYTES];

  /** Starts a key; sets of different kinds never share one. */
  Fingerprint(String kind) {
    digest = sha256();
    add(kind);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java runtime lacks SHA-256", e);
    }
  }

  Fingerprint add(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return add(bytes, 0, bytes.length);
  }

  Fingerprint add(long value) {
    ByteBuffer.wrap(word).putLong(value);
    digest.update(word);
    return this;
  }

  Fingerprint add(byte[] bytes, int offset, int length) {
    add(length);
    digest.update(bytes, offset, length);
    return this;
  }

  /** Adds what remains in a buffer. */
  Fingerprint add(ByteBuffer bytes) {
    add(bytes.remaining());
    digest.update(bytes);
    return this;
  }

  /** The key; the builder starts afresh. */
  String hex() {
    return HexFormat.of().formatHex(bytes());
  }

  /** The key as bytes; the builder starts afresh. */
  byte[] bytes() {
    return Arrays.copyOf(digest.digest(), LENGTH);
  }
}
