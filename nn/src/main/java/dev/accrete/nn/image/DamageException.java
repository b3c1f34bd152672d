package dev.accrete.nn.image;

import java.io.IOException;

/** What is wrong with the bytes of a picture, before anybody knows which picture it is. */
final class DamageException extends IOException {
  private static final long serialVersionUID = 1L;

  DamageException(String message) {
    super(message);
  }

  static void require(boolean condition, String damage) throws DamageException {
    if (!condition) {
      throw new DamageException(damage);
    }
  }
}
