package dev.accrete.kernels.cuda;

import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What arguments the kernels take, as a compiler told when they were built. The driver copies what
 * a launch points at without asking what it is: one argument too few or in the wrong place would be
 * read from whatever lies there.
 */
final class Signatures {
  private static final String FILE = "signatures.txt";

  private final Map<String, Signature> byKernel = new HashMap<>();

  private Signatures(String text) {
    for (String line : text.lines().toList()) {
      List<String> words = Arrays.asList(line.split(" "));
      String kernel = words.getFirst();
      byKernel.put(kernel, new Signature(kernel, words.subList(1, words.size())));
    }
  }

  /**
   * Those of the kernels in the jar, or of those in the emulator's folder.
   *
   * @throws AccreteException if they are missing or cannot be read
   */
  static Signatures of(Optional<Path> emulator) {
    try {
      if (emulator.isPresent()) {
        return parse(Files.readString(emulator.get().resolve(FILE)));
      }
      try (InputStream in = Signatures.class.getResourceAsStream(FILE)) {
        if (in == null) {
          throw new AccreteException(
              "this build has no signatures of CUDA kernels (" + FILE + "); run native/build");
        }
        return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new AccreteException("cannot read the signatures of the CUDA kernels", e);
    }
  }

  /** Reads lines such as {@code elements/add i4 p8 p8 p8}. */
  static Signatures parse(String text) {
    return new Signatures(text);
  }

  /** The kernels, each as {@code file/name}. */
  List<String> kernels() {
    return byKernel.keySet().stream().sorted().toList();
  }

  /**
   * The arguments of a kernel.
   *
   * @throws IllegalStateException if it was not among those that were built
   */
  Signature of(KernelFile file, String kernel) {
    Signature signature = byKernel.get(file.fileName() + "/" + kernel);
    if (signature == null) {
      throw new IllegalStateException(
          "no kernel " + kernel + " was built from " + file.fileName() + ".cu; run native/build");
    }
    return signature;
  }

  /**
   * The arguments of one kernel.
   *
   * @param kernel {@code file/name}
   * @param arguments of each, its kind ({@code p}ointer, {@code i}nteger, {@code f}loat or {@code
   *     s}truct) and how many bytes it has
   */
  record Signature(String kernel, List<String> arguments) {
    Signature {
      arguments = List.copyOf(arguments);
    }

    /**
     * Compares a launch with the kernel.
     *
     * @throws IllegalStateException if number, kinds or sizes differ, naming both
     */
    void check(List<Object> given) {
      List<String> kinds = given.stream().map(Signature::kind).toList();
      if (!kinds.equals(arguments)) {
        throw new IllegalStateException(
            "kernel "
                + kernel
                + " takes ("
                + String.join(" ", arguments)
                + "), its launch gives ("
                + String.join(" ", kinds)
                + "); mend the lowering, or run native/build if the kernel has changed");
      }
    }

    private static String kind(Object argument) {
      return switch (argument) {
        case Buffer ignored -> "p" + Long.BYTES;
        case TensorMap ignored -> "s" + TensorMap.BYTES;
        case Integer ignored -> "i" + Integer.BYTES;
        case Float ignored -> "f" + Float.BYTES;
        case int[] struct -> "s" + Integer.BYTES * struct.length;
        default -> throw new IllegalStateException("cannot pass " + argument.getClass());
      };
    }
  }
}
