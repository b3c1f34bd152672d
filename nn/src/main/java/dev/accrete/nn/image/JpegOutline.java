package dev.accrete.nn.image;

import static dev.accrete.nn.image.DamageException.require;

/**
 * Walks the markers of a JPEG file (ITU T.81, annex B) to its end-of-image marker. A file without
 * one has been cut; decoders fill up what is missing with grey.
 */
final class JpegOutline {
  private static final int MARKER = 0xff;
  private static final int END = 0xd9;
  private static final int SCAN = 0xda;

  private final Bytes bytes;
  private Orientation orientation = Orientation.NORMAL;
  private boolean oriented;
  private boolean jfif;
  private boolean exif;
  private boolean profile;
  private int adobe = -1;
  private boolean plainFrame;
  private boolean grey;
  private boolean scanned;

  private JpegOutline(Bytes bytes) {
    this.bytes = bytes;
  }

  static Outline of(Bytes bytes) throws DamageException {
    JpegOutline outline = new JpegOutline(bytes);
    outline.walk();
    return new Outline(outline.orientation, outline.plain(), Outline.OPAQUE);
  }

  /**
   * Where the JDK's reader gives what the other one would hand on to it anyway: grey, or YCbCr that
   * says so, without a colour profile.
   */
  private boolean plain() {
    boolean says = adobe == 1 || (adobe < 0 && (jfif || exif));
    return plainFrame && !profile && (grey || says);
  }

  private void walk() throws DamageException {
    int at = 2;
    while (true) {
      // Decoders skip stray bytes between segments, and so do we.
      while (at < bytes.length() && bytes.u8(at) != MARKER) {
        at++;
      }
      while (at < bytes.length() && bytes.u8(at) == MARKER) {
        at++;
      }
      require(
          at < bytes.length(),
          scanned
              ? "it ends before its end-of-image marker, so it has been cut"
              : "it ends before its picture begins");
      int marker = bytes.u8(at++);
      if (marker == END) {
        require(scanned, "it holds no picture");
        return;
      }
      if (marker == 0 || marker == 1 || (marker >= 0xd0 && marker <= 0xd8)) {
        continue;
      }
      int length = bytes.u16(at);
      require(length >= 2 && at + length <= bytes.length(), "it ends within its headers");
      segment(marker, at + 2, at + length);
      at += length;
      if (marker == SCAN) {
        scanned = true;
        at = afterScan(at);
      }
    }
  }

  private int afterScan(int start) throws DamageException {
    int at = start;
    while (at + 1 < bytes.length()) {
      if (bytes.u8(at) == MARKER) {
        int next = bytes.u8(at + 1);
        boolean data = next == 0 || next == MARKER || (next >= 0xd0 && next <= 0xd7);
        if (!data) {
          return at;
        }
      }
      at++;
    }
    return bytes.length();
  }

  private void segment(int marker, int from, int to) throws DamageException {
    switch (marker) {
      case 0xc0, 0xc1, 0xc2 -> frame(from, to);
      case 0xe0 -> jfif |= bytes.has(from, "JFIF\0");
      case 0xe1 -> {
        if (!oriented && bytes.has(from, "Exif\0")) {
          exif = true;
          oriented = true;
          orientation = Orientation.of(bytes, from, to);
        }
      }
      case 0xe2 -> profile |= bytes.has(from, "ICC_PROFILE\0");
      case 0xee -> {
        if (bytes.has(from, "Adobe") && to - from >= 12) {
          adobe = bytes.u8(from + 11);
        }
      }
      default -> {
        // Tables, comments and other applications' segments.
      }
    }
  }

  private void frame(int from, int to) throws DamageException {
    require(to - from >= 6, "its frame header is too short");
    int components = bytes.u8(from + 5);
    require(to - from >= 6 + 3 * components, "its frame header is too short");
    grey = components == 1;
    boolean named = true;
    for (int i = 0; i < components; i++) {
      named &= bytes.u8(from + 6 + 3 * i) == i + 1;
    }
    plainFrame = bytes.u8(from) == 8 && (grey || (components == 3 && named));
  }
}
