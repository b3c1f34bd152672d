package dev.accrete.cl.data;

/** Room for the images of a mini-batch, one after another, filled again and again. */
public final class ImageRows {
  private final byte[] pixels;
  private final int imageBytes;
  private final int rows;

  /** Room for {@code rows} images of {@code channels} x {@code height} x {@code width} bytes. */
  public ImageRows(int rows, int channels, int height, int width) {
    this.rows = rows;
    imageBytes = Math.multiplyExact(channels, Math.multiplyExact(height, width));
    pixels = new byte[Math.multiplyExact(rows, imageBytes)];
  }

  /** How many images there is room for. */
  public int rows() {
    return rows;
  }

  /** The images, planar u8 [rows, C, H, W]; the same array at every call. */
  public byte[] pixels() {
    return pixels;
  }

  /** Copies image {@code index} of a set into a row. */
  public void read(ImageSet set, int index, int row) {
    set.read(index, pixels, row * imageBytes);
  }

  /** Copies the images {@code indices[from .. from + count)} into the first rows. */
  public void read(ImageSet set, int[] indices, int from, int count) {
    for (int row = 0; row < count; row++) {
      read(set, indices[from + row], row);
    }
  }
}
