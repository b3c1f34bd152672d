package dev.accrete.production.serve.http;

import dev.accrete.production.serve.workshop.Upload;
import java.util.List;
import java.util.Map;

/**
 * What came in a request: files, and in a form texts beside them.
 *
 * @param files in the order in which they came
 * @param texts by the name of their field
 */
public record Uploads(List<FilePart> files, Map<String, String> texts) {
  /**
   * A file of a form, or the whole body.
   *
   * @param field what the form calls it; empty if it is the whole body
   * @param name what the client calls the file
   * @param images the file itself, or the files in it if it is a ZIP
   * @param zip whether it is
   */
  public record FilePart(String field, String name, List<Upload> images, boolean zip) {
    /** Keeps a copy. */
    public FilePart {
      images = List.copyOf(images);
    }
  }

  /** Keeps copies. */
  public Uploads {
    files = List.copyOf(files);
    texts = Map.copyOf(texts);
  }

  /** All images of all files. */
  public List<Upload> images() {
    return files.stream().flatMap(file -> file.images().stream()).toList();
  }

  /**
   * How much may come.
   *
   * @param bytes of the body
   * @param image bytes of an image
   * @param images in all
   * @param inMemory bytes of a file of a form that is kept in memory; longer ones go to the disk
   * @param together whether all images will be in memory together
   */
  public record Rules(long bytes, int image, int images, int inMemory, boolean together) {
    /** Bytes that ZIPs may unpack to. */
    long unpacked() {
      return 2 * bytes;
    }
  }
}
