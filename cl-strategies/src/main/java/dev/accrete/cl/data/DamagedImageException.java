package dev.accrete.cl.data;

/**
 * An image whose content cannot be decoded, today or ever. This alone is what {@link
 * OnCorrupt#SKIP} leaves out and what a cache remembers; a file that cannot be read at the moment
 * is another {@link DataException}.
 */
public final class DamagedImageException extends DataException {
  private static final long serialVersionUID = 1L;

  /** An image that a data set found to be damaged. */
  public DamagedImageException(String message) {
    super(message);
  }

  /** An image that a decoder refused. */
  public DamagedImageException(String message, Throwable cause) {
    super(message, cause);
  }
}
