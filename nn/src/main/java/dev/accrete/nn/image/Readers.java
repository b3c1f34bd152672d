package dev.accrete.nn.image;

import java.io.IOException;
import java.util.Iterator;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;

/** Finds the readers that we use, and no others that an application may have registered. */
final class Readers {
  private static final Map<String, ImageReaderSpi> FOUND = new ConcurrentHashMap<>();

  private Readers() {}

  static ImageReader create(String type) throws IOException {
    return FOUND.computeIfAbsent(type, Readers::find).createReaderInstance();
  }

  private static ImageReaderSpi find(String type) {
    IIORegistry registry = IIORegistry.getDefaultInstance();
    Iterator<ImageReaderSpi> all = registry.getServiceProviders(ImageReaderSpi.class, false);
    while (all.hasNext()) {
      ImageReaderSpi reader = all.next();
      if (reader.getClass().getName().equals(type)) {
        return reader;
      }
    }
    // A plug-in's class loader may hide what lies beside this class.
    for (ImageReaderSpi reader :
        ServiceLoader.load(ImageReaderSpi.class, Readers.class.getClassLoader())) {
      if (reader.getClass().getName().equals(type)) {
        registry.registerServiceProvider(reader);
        return reader;
      }
    }
    throw new IllegalStateException(
        "the image reader "
            + type
            + " is not on the class path; add imageio-jpeg and imageio-webp");
  }
}
