package dev.accrete.nn.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.ImageIO;

/** Makes picture files byte by byte, and knows the ones among the resources. */
final class Pictures {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

  private Pictures() {}

  static byte[] resource(String name) {
    try (InputStream in = Pictures.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] written(BufferedImage image, String format) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, format, out)) {
        throw new IllegalArgumentException("no writer for " + format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Sixteen by sixteen pixels: red grows to the right, green downwards. The resources' picture. */
  static BufferedImage gradient() {
    BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 16; y++) {
      for (int x = 0; x < 16; x++) {
        image.setRGB(x, y, ((16 * x) << 16) | ((16 * y) << 8) | 200);
      }
    }
    return image;
  }

  static byte[] chunk(String type, byte[] data) {
    byte[] tag = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(tag);
    crc.update(data);
    return ByteBuffer.allocate(12 + data.length)
        .putInt(data.length)
        .put(tag)
        .put(data)
        .putInt((int) crc.getValue())
        .array();
  }

  /** A PNG of these rows (each with its filter byte) and these chunks before its data. */
  static byte[] png(int width, int height, int depth, int colour, byte[] rows, byte[]... chunks) {
    byte[] header =
        ByteBuffer.allocate(13)
            .putInt(width)
            .putInt(height)
            .put((byte) depth)
            .put((byte) colour)
            .array();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(SIGNATURE);
    out.writeBytes(chunk("IHDR", header));
    for (byte[] chunk : chunks) {
      out.writeBytes(chunk);
    }
    out.writeBytes(chunk("IDAT", deflated(rows)));
    out.writeBytes(chunk("IEND", new byte[0]));
    return out.toByteArray();
  }

  private static byte[] deflated(byte[] bytes) {
    try (Deflater deflater = new Deflater(Deflater.BEST_SPEED)) {
      deflater.setInput(bytes);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] buffer = new byte[1 << 14];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteArray();
    }
  }

  /** An EXIF block that holds an orientation alone. */
  static byte[] exif(int orientation, boolean little) {
    ByteBuffer block = ByteBuffer.allocate(26);
    block.order(little ? java.nio.ByteOrder.LITTLE_ENDIAN : java.nio.ByteOrder.BIG_ENDIAN);
    block.put((byte) (little ? 'I' : 'M')).put((byte) (little ? 'I' : 'M'));
    block.putShort((short) 42).putInt(8).putShort((short) 1);
    block.putShort((short) 0x112).putShort((short) 3).putInt(1).putShort((short) orientation);
    return block.array();
  }

  /** The planes of a picture at a size. */
  static byte[] decoded(byte[] file, int size) {
    byte[] planes = new byte[3 * size * size];
    ImageDecoder.decode(file, "a picture", size, planes, 0);
    return planes;
  }
}
