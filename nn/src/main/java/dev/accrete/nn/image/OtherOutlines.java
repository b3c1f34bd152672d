package dev.accrete.nn.image;

import static dev.accrete.nn.image.DamageException.require;

/** Checks that WebP, GIF and BMP files are whole: their decoders do not all notice. */
final class OtherOutlines {
  private OtherOutlines() {}

  /** The chunks of a WebP file (RFC 9649). */
  static Outline webp(Bytes bytes) throws DamageException {
    long promised = bytes.u32le(4) + 8;
    require(
        promised <= bytes.length(),
        "it has " + bytes.length() + " of " + promised + " bytes, so it has been cut");
    Orientation orientation = Orientation.NORMAL;
    long at = 12;
    while (at + 8 <= promised) {
      int data = (int) at + 8;
      long length = bytes.u32le(data - 4);
      require(data + length <= promised, "its chunk " + at + " reaches beyond its end");
      if (bytes.has((int) at, "EXIF")) {
        orientation = Orientation.of(bytes, data, (int) (data + length));
      }
      at = data + length + (length & 1);
    }
    return new Outline(orientation, true, Outline.OPAQUE);
  }

  /** The blocks of a GIF file (GIF89a, sections 18 to 26), to the end of its first picture. */
  static Outline gif(Bytes bytes) throws DamageException {
    int at = 13 + table(bytes.u8(10));
    while (true) {
      int block = bytes.u8(at);
      if (block == 0x21) {
        at = afterBlocks(bytes, at + 2);
      } else if (block == 0x2c) {
        // The JDK's reader mixes up the rows where a pass of the interlacing has none.
        require(
            (bytes.u8(at + 9) & 0x40) == 0 || bytes.u16le(at + 7) > 4 || bytes.u16le(at + 7) < 2,
            "it is interlaced but has too few rows for that; save it without interlacing");
        int data = at + 10 + table(bytes.u8(at + 9));
        afterBlocks(bytes, data + 1);
        GifData.check(bytes, data, (long) bytes.u16le(at + 5) * bytes.u16le(at + 7));
        return Outline.SIMPLE;
      } else {
        throw new DamageException(
            block == 0x3b ? "it holds no picture" : "it has an unknown block " + block);
      }
    }
  }

  private static int table(int flags) {
    return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
  }

  private static int afterBlocks(Bytes bytes, int start) throws DamageException {
    int at = start;
    while (bytes.u8(at) != 0) {
      at += 1 + bytes.u8(at);
    }
    return at + 1;
  }

  /** The headers of a BMP file. */
  static Outline bmp(Bytes bytes) throws DamageException {
    long pixels = bytes.u32le(10);
    long header = bytes.u32le(14);
    boolean old = header == 12;
    long width = old ? bytes.u16le(18) : bytes.u32le(18);
    long height = old ? bytes.u16le(20) : Math.abs((int) bytes.u32le(22));
    int bits = bytes.u16le(old ? 24 : 28);
    long compression = old ? 0 : bytes.u32le(30);
    require(
        compression <= 3 || compression == 6,
        "it is a BMP file around another format (compression " + compression + ")");
    if (compression == 0 || compression == 3 || compression == 6) {
      long row = (width * bits + 31) / 32 * 4;
      long promised = pixels + row * height;
      require(
          promised <= bytes.length(),
          "it has " + bytes.length() + " of " + promised + " bytes, so it has been cut");
    }
    return Outline.SIMPLE;
  }
}
