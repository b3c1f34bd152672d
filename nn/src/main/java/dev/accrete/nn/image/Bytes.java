package dev.accrete.nn.image;

import java.nio.charset.StandardCharsets;

/** Reads numbers and tags out of a picture; never beyond its end. */
record Bytes(@SuppressWarnings("ArrayRecordComponent") byte[] content) {
  int length() {
    return content.length;
  }

  int u8(int at) throws DamageException {
    if (at < 0 || at >= content.length) {
      throw new DamageException("it ends after " + content.length + " bytes");
    }
    return content[at] & 255;
  }

  int u16(int at) throws DamageException {
    return u8(at) << 8 | u8(at + 1);
  }

  int u16le(int at) throws DamageException {
    return u8(at) | u8(at + 1) << 8;
  }

  long u32(int at) throws DamageException {
    return (long) u16(at) << 16 | u16(at + 2);
  }

  long u32le(int at) throws DamageException {
    return u16le(at) | (long) u16le(at + 2) << 16;
  }

  /** Whether these Latin-1 characters are at this place. */
  boolean has(int at, String tag) {
    byte[] wanted = tag.getBytes(StandardCharsets.ISO_8859_1);
    if (at < 0 || at + wanted.length > content.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (content[at + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  String tag(int at) {
    return new String(content, at, 4, StandardCharsets.ISO_8859_1);
  }
}
