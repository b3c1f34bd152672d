package dev.accrete.production.store;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 in lower-case hexadecimal. */
final class Digests {
  private static final int BUFFER = 1 << 16;
  private static final int HEX = 64;
  private static final int HEAD = 16;
  private static final BigInteger MODULUS = BigInteger.TWO.pow(256);

  private Digests() {}

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static String of(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  static String of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  static String of(Path file) throws IOException {
    MessageDigest digest = sha256();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[BUFFER];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** A number from 0 to below 1 that the content alone decides. */
  static double share(String sha256) {
    long head = HexFormat.fromHexDigitsToLong(sha256.substring(0, HEAD));
    return (head >>> 11) * 0x1.0p-53;
  }

  /**
   * A digest of a collection that can be added to and taken from, whatever the order: the sum of
   * its elements' digests modulo 2^256 (Bellare and Micciancio 1997, AdHash).
   */
  static final class Sum {
    private BigInteger sum;

    Sum(String hex) {
      sum = hex.isEmpty() ? BigInteger.ZERO : new BigInteger(hex, 16);
    }

    void add(String element) {
      sum = sum.add(new BigInteger(of(element), 16)).mod(MODULUS);
    }

    void subtract(String element) {
      sum = sum.subtract(new BigInteger(of(element), 16)).mod(MODULUS);
    }

    String hex() {
      String hex = sum.toString(16);
      return "0".repeat(HEX - hex.length()) + hex;
    }
  }
}
