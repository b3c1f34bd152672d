package dev.accrete.production.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Decoded images by number in a scratch file, so that a day of any size needs little memory. */
final class Spool implements PixelPacks.Pixels, Closeable {
  private final Path file;
  private final FileChannel channel;
  private final int bytes;

  Spool(Path file, int bytes) throws IOException {
    this.file = file;
    this.bytes = bytes;
    channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /** Bytes of an image. */
  int bytes() {
    return bytes;
  }

  void write(int number, byte[] pixels) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(pixels);
    long at = (long) number * bytes;
    while (buffer.hasRemaining()) {
      at += channel.write(buffer, at);
    }
  }

  @Override
  public void read(int number, byte[] into, int offset) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(into, offset, bytes);
    long at = (long) number * bytes;
    while (buffer.hasRemaining()) {
      int count = channel.read(buffer, at);
      if (count < 0) {
        throw new IOException("the decoded pixels are gone from " + file);
      }
      at += count;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
