package dev.accrete.kernels.cuda;

import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** The files of {@code native/cuda}, one for each family of ops. */
enum KernelFile {
  CONV,
  DEPTHWISE,
  ELEMENTS,
  HEADS,
  HOPPER,
  IMAGES,
  LATENTS,
  LAYOUT,
  LOSSES,
  MATMUL,
  NORMS,
  POINTWISE,
  POOLING,
  PROBES,
  RESPONSES,
  SYMMETRIC,
  UPDATES;

  String fileName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * What the driver loads: the fatbin in the jar, or a shared object of the emulator's folder.
   *
   * @throws AccreteException if it is missing or cannot be read
   */
  byte[] image(Optional<Path> emulator) {
    try {
      if (emulator.isPresent()) {
        return Files.readAllBytes(emulator.get().resolve(fileName() + ".so"));
      }
      try (InputStream in = KernelFile.class.getResourceAsStream(fileName() + ".fatbin")) {
        if (in == null) {
          throw new AccreteException(
              "this build has no CUDA kernels (" + fileName() + ".fatbin); run native/build");
        }
        return in.readAllBytes();
      }
    } catch (IOException e) {
      throw new AccreteException("cannot read the CUDA kernels of " + fileName(), e);
    }
  }
}
