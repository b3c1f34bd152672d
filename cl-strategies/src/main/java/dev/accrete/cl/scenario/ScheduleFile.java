package dev.accrete.cl.scenario;

import dev.accrete.cl.data.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Parses a schedule file supplied by a user, one batch a line. */
final class ScheduleFile {
  private static final int TRAIN_SEQUENCES = CoreFrames.trainSequences().size();

  /** The official files have under 3 KB; this leaves room for any spacing. */
  private static final long MAX_BYTES = 1 << 20;

  private static final int MAX_QUOTED = 40;

  private final Path file;
  private final Map<CoreSequence, Integer> lineOf = new HashMap<>();
  private final List<List<CoreSequence>> batches = new ArrayList<>();

  private ScheduleFile(Path file) {
    this.file = file;
  }

  static Nicv2Schedule read(Path file) {
    ScheduleFile parser = new ScheduleFile(file);
    List<String> lines = lines(file);
    for (int i = 0; i < lines.size(); i++) {
      parser.line(i + 1, lines.get(i));
    }
    parser.requireComplete(lines.size());
    return new Nicv2Schedule("nicv2:" + file.getFileName(), 0, parser.batches);
  }

  private static List<String> lines(Path file) {
    try {
      long size = Files.size(file);
      if (size > MAX_BYTES) {
        throw new DataException(
            file
                + " has "
                + size
                + " bytes, too many for a schedule: give a text file with one"
                + " batch a line, such as 's1/o1 s1/o11'");
      }
      // Latin-1 maps every byte to a character, so that binary junk is reported with its line.
      return Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList();
    } catch (IOException e) {
      throw new DataException("cannot read schedule " + file + ": " + e, e);
    }
  }

  private void line(int number, String text) {
    if (text.isBlank()) {
      throw malformed(number, "is empty: remove it, every line is a batch");
    }
    List<CoreSequence> batch = new ArrayList<>();
    for (String token : text.strip().split("\\s+", -1)) {
      CoreSequence sequence =
          CoreSequence.parse(token)
              .orElseThrow(
                  () ->
                      malformed(
                          number,
                          "has '"
                              + quotable(token)
                              + "' where a sequence such as s4/o31 (session 1..11, object 1..50) is"
                              + " expected: correct it or copy the file again"));
      if (!sequence.isTraining()) {
        throw malformed(
            number,
            "has "
                + sequence
                + ", but session "
                + sequence.session()
                + " is a test session: use sessions "
                + CoreSequence.TRAIN_SESSIONS);
      }
      Integer earlier = lineOf.putIfAbsent(sequence, number);
      if (earlier != null) {
        throw malformed(
            number,
            "has "
                + sequence
                + ", already learned in line "
                + earlier
                + ": every sequence is learned once; correct it or copy the file again");
      }
      batch.add(sequence);
    }
    batches.add(batch);
  }

  private void requireComplete(int lines) {
    if (lineOf.size() < TRAIN_SEQUENCES) {
      throw malformed(
          Math.max(lines, 1),
          "is the last, with "
              + lineOf.size()
              + " of the "
              + TRAIN_SEQUENCES
              + " training sequences listed so far: the file is truncated, copy it again");
    }
  }

  private DataException malformed(int line, String problem) {
    return new DataException(file + ": line " + line + " " + problem);
  }

  private static String quotable(String token) {
    String printable = token.replaceAll("[^\\x21-\\x7e]", "?");
    return printable.length() <= MAX_QUOTED
        ? printable
        : printable.substring(0, MAX_QUOTED) + "...";
  }
}
