package dev.accrete.nn.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;

/**
 * Turns an image of any colour model into planes of eight-bit levels, on white where it is clear.
 */
final class Pixels {
  private Pixels() {}

  /** One plane (grey) or three, row by row. */
  record Planar(
      @SuppressWarnings("ArrayRecordComponent") byte[] levels, int planes, int height, int width) {}

  /**
   * The planes of an image.
   *
   * @param transparent level of a grey image that is transparent, or {@link Outline#OPAQUE}
   */
  static Planar of(BufferedImage image, int transparent) {
    boolean grey = isGrey(image.getColorModel());
    byte[] levels;
    boolean plain =
        image.getType() == BufferedImage.TYPE_BYTE_GRAY
            || image.getType() == BufferedImage.TYPE_3BYTE_BGR;
    if (plain
        && image.getSampleModel() instanceof PixelInterleavedSampleModel
        && image.getRaster().getDataBuffer() instanceof DataBufferByte) {
      levels = direct(image, grey ? 1 : 3);
    } else if (grey && isUnsigned(image.getColorModel())) {
      levels = grey(image, transparent);
    } else if (grey) {
      levels = fractions(image);
    } else {
      levels = converted(image);
    }
    return new Planar(levels, grey ? 1 : 3, image.getHeight(), image.getWidth());
  }

  /**
   * Grey images are read raw: Java's colour conversion would treat them as linear light and change
   * every level.
   */
  private static boolean isGrey(ColorModel model) {
    return model instanceof ComponentColorModel
        && model.getColorSpace().getType() == ColorSpace.TYPE_GRAY;
  }

  private static boolean isUnsigned(ColorModel model) {
    return model.getTransferType() == DataBuffer.TYPE_BYTE
        || model.getTransferType() == DataBuffer.TYPE_USHORT;
  }

  /**
   * Eight-bit samples in sRGB already, taken from where they lie: many times faster than going
   * through a colour model, and several times than asking the raster for every row.
   */
  private static byte[] direct(BufferedImage image, int planes) {
    Raster raster = image.getRaster();
    PixelInterleavedSampleModel model = (PixelInterleavedSampleModel) raster.getSampleModel();
    DataBufferByte buffer = (DataBufferByte) raster.getDataBuffer();
    byte[] samples = buffer.getData();
    int step = model.getPixelStride();
    int width = image.getWidth();
    byte[] result = new byte[planes * width * image.getHeight()];
    int to = 0;
    for (int c = 0; c < planes; c++) {
      int first =
          buffer.getOffset()
              + model.getBandOffsets()[c]
              + (raster.getMinY() - raster.getSampleModelTranslateY()) * model.getScanlineStride()
              + (raster.getMinX() - raster.getSampleModelTranslateX()) * step;
      for (int j = 0; j < image.getHeight(); j++) {
        int from = first + j * model.getScanlineStride();
        for (int i = 0; i < width; i++) {
          result[to++] = samples[from + i * step];
        }
      }
    }
    return result;
  }

  /** Grey of up to 16 bits, with or without alpha. */
  private static byte[] grey(BufferedImage image, int transparent) {
    Raster raster = image.getRaster();
    ColorModel model = image.getColorModel();
    int width = image.getWidth();
    int bands = raster.getNumBands();
    int white = (1 << model.getComponentSize(0)) - 1;
    byte[] result = new byte[width * image.getHeight()];
    int[] row = new int[bands * width];
    for (int j = 0; j < image.getHeight(); j++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + j, width, 1, row);
      for (int i = 0; i < width; i++) {
        int level = eightBits(row[bands * i], white);
        if (model.hasAlpha()) {
          int alpha = level == transparent ? 0 : eightBits(row[bands * i + 1], white);
          level =
              model.isAlphaPremultiplied()
                  ? Math.min(255, level + 255 - alpha)
                  : onWhite(level, alpha);
        }
        result[j * width + i] = (byte) level;
      }
    }
    return result;
  }

  /** Grey as signed or wide whole numbers, or as fractions, of which 0 is black and 1 is white. */
  private static byte[] fractions(BufferedImage image) {
    Raster raster = image.getRaster();
    ColorModel model = image.getColorModel();
    int width = image.getWidth();
    byte[] result = new byte[width * image.getHeight()];
    float[] parts = new float[model.getNumComponents()];
    for (int j = 0; j < image.getHeight(); j++) {
      for (int i = 0; i < width; i++) {
        Object element = raster.getDataElements(raster.getMinX() + i, raster.getMinY() + j, null);
        model.getNormalizedComponents(element, parts, 0);
        int level = eightBits(parts[0]);
        result[j * width + i] =
            (byte) (model.hasAlpha() ? onWhite(level, eightBits(parts[1])) : level);
      }
    }
    return result;
  }

  private static int eightBits(float fraction) {
    return Math.round(255 * Math.clamp(fraction, 0f, 1f));
  }

  private static int eightBits(int level, int white) {
    return (int) ((level * 255L + white / 2) / white);
  }

  private static byte[] converted(BufferedImage image) {
    int width = image.getWidth();
    int count = width * image.getHeight();
    byte[] result = new byte[3 * count];
    int[] row = new int[width];
    for (int j = 0; j < image.getHeight(); j++) {
      try {
        image.getRGB(0, j, width, 1, row, 0, width);
      } catch (IllegalArgumentException | UnsupportedOperationException e) {
        throw new ImageException(
            "Java cannot convert the colours of an image of "
                + image.getColorModel()
                + " ("
                + e.getMessage()
                + "); draw it into one of TYPE_INT_RGB",
            e);
      }
      for (int i = 0; i < width; i++) {
        int rgb = onWhite(row[i]);
        int k = j * width + i;
        result[k] = (byte) (rgb >> 16);
        result[count + k] = (byte) (rgb >> 8);
        result[2 * count + k] = (byte) rgb;
      }
    }
    return result;
  }

  private static int onWhite(int argb) {
    int alpha = argb >>> 24;
    if (alpha == 255) {
      return argb;
    }
    int result = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      result |= onWhite((argb >> shift) & 255, alpha) << shift;
    }
    return result;
  }

  private static int onWhite(int level, int alpha) {
    return (level * alpha + 255 * (255 - alpha) + 127) / 255;
  }
}
