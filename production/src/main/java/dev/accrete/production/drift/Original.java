package dev.accrete.production.drift;

import dev.accrete.production.ingest.Item;
import dev.accrete.production.store.Store;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** An image's file as it was received: its header says how large the image was. */
@FunctionalInterface
interface Original {
  /** Its bytes; to be closed. */
  ImageInputStream open() throws IOException;

  static Original of(Item item) {
    return () -> new MemoryCacheImageInputStream(new ByteArrayInputStream(item.content().bytes()));
  }

  static Original of(Store store, String sha256) {
    return () -> new FileImageInputStream(store.original(sha256).toFile());
  }

  /** A look that also knows the image's size, if that can be read. */
  default ImageLook sized(ImageLook look) {
    try (ImageInputStream in = open()) {
      for (var readers = ImageIO.getImageReaders(in); readers.hasNext(); ) {
        ImageReader reader = readers.next();
        try {
          reader.setInput(in, true, true);
          return look.of(reader.getWidth(0), reader.getHeight(0));
        } finally {
          reader.dispose();
        }
      }
      return look;
    } catch (IOException | IndexOutOfBoundsException e) {
      return look; // its size is not known; what it looks like is
    }
  }
}
