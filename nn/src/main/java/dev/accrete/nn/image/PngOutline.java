package dev.accrete.nn.image;

import static dev.accrete.nn.image.DamageException.require;

import java.util.zip.CRC32;

/** Walks the chunks of a PNG file (PNG 3rd edition, section 5) and verifies their checksums. */
final class PngOutline {
  private static final int SIGNATURE = 8;
  private static final int OVERHEAD = 12;

  private PngOutline() {}

  static Outline of(Bytes bytes) throws DamageException {
    Orientation orientation = Orientation.NORMAL;
    int transparent = Outline.OPAQUE;
    int greyBits = 8;
    int at = SIGNATURE;
    while (true) {
      require(at + OVERHEAD <= bytes.length(), "it ends before its chunk IEND, so it has been cut");
      long length = bytes.u32(at);
      String type = bytes.tag(at + 4);
      require(
          length <= bytes.length() - at - OVERHEAD,
          "it ends within its chunk " + printable(type) + ", so it has been cut");
      int data = at + 8;
      int end = data + (int) length;
      CRC32 crc = new CRC32();
      crc.update(bytes.content(), at + 4, 4 + (int) length);
      require(
          crc.getValue() == bytes.u32(end),
          "the checksum of its chunk " + printable(type) + " does not fit, so it is damaged");
      switch (type) {
        case "IHDR" -> greyBits = bytes.u8(data + 9) == 0 ? bytes.u8(data + 8) : 8;
        case "eXIf" -> orientation = Orientation.of(bytes, data, end);
        case "tRNS" -> {
          if (greyBits > 0 && greyBits < 8 && length == 2) {
            transparent = bytes.u16(data) * 255 / ((1 << greyBits) - 1);
          }
        }
        case "IEND" -> {
          return new Outline(orientation, true, transparent);
        }
        default -> {
          // The decoder's business.
        }
      }
      at = end + 4;
    }
  }

  private static String printable(String type) {
    return type.chars().allMatch(c -> c > ' ' && c < 127) ? type : "?";
  }
}
