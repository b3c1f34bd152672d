package dev.accrete.production.store;

import dev.accrete.cl.data.DataException;
import dev.accrete.cl.data.ProgressListener;
import dev.accrete.nn.image.ImageException;
import dev.accrete.nn.image.Picture;
import dev.accrete.production.ingest.Item;
import dev.accrete.production.ingest.PerceptualHash;
import dev.accrete.production.ingest.Properties;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Reads and decodes the images of a source, on all processors, with bounded memory. */
final class Inspection {
  private final List<Item> items;
  private final int side;
  private final ProgressListener progress;

  Inspection(List<Item> items, int side, ProgressListener progress) {
    this.items = items;
    this.side = side;
    this.progress = progress;
  }

  /** Reads all images to know their content. */
  List<Candidate> read() throws IOException {
    Candidate[] read = new Candidate[items.size()];
    Parallel.compute(items.size(), number -> read[number] = read(number));
    return Arrays.asList(read);
  }

  private Candidate read(int number) {
    Item item = items.get(number);
    try {
      byte[] bytes = item.content().bytes();
      return Candidate.read(number, item, Digests.of(bytes), bytes.length);
    } catch (IOException e) {
      return Candidate.damaged(number, item, "", String.valueOf(e.getMessage()));
    }
  }

  /**
   * The digest of a day: of everything that its source says of its images, in any order.
   *
   * @param images with their content
   */
  static String digest(List<Candidate> images) {
    MessageDigest digest = Digests.sha256();
    images.stream()
        .map(
            image ->
                Json.text(
                    List.of(
                        image.item().name(),
                        image.item().label(),
                        image.item().subject().map(List::of).orElse(List.of()),
                        image.item().metadata(),
                        image.item().split().map(s -> List.of(s.text())).orElse(List.of()),
                        image.sha256())))
        .sorted()
        .forEach(line -> digest.update((line + "\n").getBytes(StandardCharsets.UTF_8)));
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Decodes images into a file, each at its number. */
  List<Candidate> decode(List<Candidate> images, Spool pixels) throws IOException {
    Candidate[] decoded = new Candidate[images.size()];
    AtomicInteger done = new AtomicInteger();
    Parallel.compute(
        images.size(),
        i -> {
          decoded[i] = decode(images.get(i), pixels);
          report(done.incrementAndGet());
        });
    return Arrays.asList(decoded);
  }

  private synchronized void report(int done) {
    progress.progress(done, items.size());
  }

  private Candidate decode(Candidate image, Spool pixels) throws IOException {
    if (image.damage().isPresent()) {
      return image;
    }
    byte[] planes = new byte[bytes(side)];
    try {
      byte[] bytes = image.item().content().bytes();
      if (!Digests.of(bytes).equals(image.sha256())) {
        throw new DataException(
            image.item().name()
                + " has changed while it was read: begin again when it is complete");
      }
      Picture.of(bytes, image.item().name()).decode(side, planes, 0);
    } catch (ImageException e) {
      return Candidate.damaged(
          image.number(), image.item(), image.sha256(), String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new DataException(
          "cannot read " + image.item().name() + " again: " + e.getMessage() + "; begin again", e);
    }
    pixels.write(image.number(), planes);
    return image.decoded(
        PerceptualHash.of(planes, side),
        StoredImages.crc(planes, 0, planes.length),
        Properties.of(planes, side));
  }

  /** Bytes of the pixels of an image. */
  static int bytes(int side) {
    return 3 * side * side;
  }
}
