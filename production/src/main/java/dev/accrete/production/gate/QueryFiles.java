package dev.accrete.production.gate;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the two processes tell each other, in files. */
final class QueryFiles {
  private static final int REQUEST = 0x61637131;
  private static final int ANSWER = 0x61637231;
  private static final long MOST = 1L << 31;

  private QueryFiles() {}

  /**
   * The images asked about.
   *
   * @param pixels of all of them
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Request(int rows, byte[] pixels) {}

  /**
   * What came of it.
   *
   * @param loadSeconds from the start of the program to its first answer
   * @param latencyMs median time of one image
   * @param peakBytes most memory of the process
   * @param probabilities [rows, classes]
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Reply(double loadSeconds, double latencyMs, long peakBytes, double[] probabilities) {}

  static void write(Path file, Request request) throws IOException {
    try (DataOutputStream out = output(file)) {
      out.writeInt(REQUEST);
      out.writeInt(request.rows);
      out.writeInt(request.pixels.length);
      out.write(request.pixels);
    }
  }

  static Request readRequest(Path file) throws IOException {
    try (DataInputStream in = input(file, REQUEST)) {
      int rows = in.readInt();
      return new Request(rows, in.readNBytes(length(file, in.readInt(), 1)));
    }
  }

  static void write(Path file, Reply reply) throws IOException {
    try (DataOutputStream out = output(file)) {
      out.writeInt(ANSWER);
      out.writeDouble(reply.loadSeconds);
      out.writeDouble(reply.latencyMs);
      out.writeLong(reply.peakBytes);
      out.writeInt(reply.probabilities.length);
      for (double probability : reply.probabilities) {
        out.writeDouble(probability);
      }
    }
  }

  static Reply readReply(Path file) throws IOException {
    try (DataInputStream in = input(file, ANSWER)) {
      double load = in.readDouble();
      double latency = in.readDouble();
      long peak = in.readLong();
      double[] probabilities = new double[length(file, in.readInt(), Double.BYTES)];
      for (int i = 0; i < probabilities.length; i++) {
        probabilities[i] = in.readDouble();
      }
      return new Reply(load, latency, peak, probabilities);
    }
  }

  /** A number of elements that the file can hold. */
  private static int length(Path file, int claimed, int bytesEach) throws IOException {
    if (claimed < 0 || Math.min(Files.size(file), MOST) < (long) claimed * bytesEach) {
      throw new IOException(file + " is cut off");
    }
    return claimed;
  }

  private static DataOutputStream output(Path file) throws IOException {
    return new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)));
  }

  private static DataInputStream input(Path file, int mark) throws IOException {
    DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
    if (in.readInt() != mark) {
      in.close();
      throw new IOException(file + " is of another program");
    }
    return in;
  }
}
