package dev.accrete.nn.image;

import java.util.Optional;

/** The formats that are read, recognized by their first bytes whatever a file is called. */
enum Format {
  JPEG("com.sun.imageio.plugins.jpeg.JPEGImageReaderSpi"),
  PNG("com.sun.imageio.plugins.png.PNGImageReaderSpi"),
  WEBP("com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi"),
  BMP("com.sun.imageio.plugins.bmp.BMPImageReaderSpi"),
  GIF("com.sun.imageio.plugins.gif.GIFImageReaderSpi");

  /** Reads JPEG files of other colour models, or with a profile, than the JDK's reader knows. */
  static final String ANY_JPEG = "com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi";

  private final String reader;

  Format(String reader) {
    this.reader = reader;
  }

  /** The class of the reader that decodes it. */
  String reader(Outline outline) {
    return this == JPEG && !outline.plain() ? ANY_JPEG : reader;
  }

  /** Whether its reader keeps the whole picture, even of one that is sub-sampled. */
  boolean isDecodedWhole(Outline outline) {
    return this == WEBP || (this == JPEG && !outline.plain());
  }

  static Optional<Format> of(Bytes bytes) {
    if (bytes.has(0, "\u00ff\u00d8\u00ff")) {
      return Optional.of(JPEG);
    }
    if (bytes.has(0, "\u0089PNG\r\n\u001a\n")) {
      return Optional.of(PNG);
    }
    if (bytes.has(0, "RIFF") && bytes.has(8, "WEBP")) {
      return Optional.of(WEBP);
    }
    if (bytes.has(0, "GIF87a") || bytes.has(0, "GIF89a")) {
      return Optional.of(GIF);
    }
    return bytes.has(0, "BM") ? Optional.of(BMP) : Optional.empty();
  }

  /** What a file is that is none of these, as far as its first bytes tell. */
  static String foreign(Bytes bytes) {
    String known = "JPEG, PNG, WebP, BMP or GIF";
    if (bytes.has(0, "II*\0") || bytes.has(0, "MM\0*")) {
      return "it is a TIFF file; convert it to " + known;
    }
    if (bytes.has(4, "ftyp")) {
      return "it is a HEIC, AVIF or video file; convert it to " + known;
    }
    return "it is no " + known + " file, judging by its content";
  }

  Outline outline(Bytes bytes) throws DamageException {
    return switch (this) {
      case JPEG -> JpegOutline.of(bytes);
      case PNG -> PngOutline.of(bytes);
      case WEBP -> OtherOutlines.webp(bytes);
      case BMP -> OtherOutlines.bmp(bytes);
      case GIF -> OtherOutlines.gif(bytes);
    };
  }
}
