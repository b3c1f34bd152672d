package dev.accrete.production.serve.workshop;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A file that a client sent.
 *
 * @param name how the client calls it, not to be trusted as a path
 * @param content reads it; fails with a {@link dev.accrete.core.AccreteException} if it cannot be
 *     read or is too long
 */
public record Upload(String name, Supplier<byte[]> content) {
  /** A file whose bytes are here. */
  public static Upload of(String name, byte[] bytes) {
    return new Upload(name, () -> bytes);
  }

  /** The same, read but once. */
  public Upload once() {
    return new Upload(
        name,
        new Supplier<>() {
          private byte @Nullable [] bytes;

          @Override
          public synchronized byte[] get() {
            byte[] read = bytes == null ? content.get() : bytes;
            bytes = read;
            return read;
          }
        });
  }

  /** The bytes as received. */
  public byte[] read() {
    return content.get();
  }
}
