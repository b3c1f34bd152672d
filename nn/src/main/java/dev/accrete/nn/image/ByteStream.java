package dev.accrete.nn.image;

import java.util.Objects;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * Bytes for ImageIO, straight from an array. A decoder that keeps asking beyond their end is
 * stopped: one for WebP would fill up a whole picture, of whatever size a damaged header claims,
 * with an exception for every pixel.
 */
final class ByteStream extends ImageInputStreamImpl {
  /** An undamaged picture may be peeked beyond a few times for each of its last bytes. */
  private static final int MAX_ENDS = 100_000;

  private final byte[] content;
  private int ends;

  ByteStream(byte[] content) {
    this.content = content;
  }

  @Override
  public int read() {
    bitOffset = 0;
    if (streamPos >= content.length) {
      return end();
    }
    return content[(int) streamPos++] & 255;
  }

  @Override
  public int read(byte[] to, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, to.length);
    bitOffset = 0;
    if (length == 0) {
      return 0;
    }
    if (streamPos >= content.length) {
      return end();
    }
    int count = (int) Math.min(length, content.length - streamPos);
    System.arraycopy(content, (int) streamPos, to, offset, count);
    streamPos += count;
    return count;
  }

  @Override
  public long length() {
    return content.length;
  }

  private int end() {
    if (++ends > MAX_ENDS) {
      throw new IllegalStateException("its data end before the picture is complete");
    }
    return -1;
  }
}
