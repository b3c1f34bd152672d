package dev.accrete.production.daily;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The days of a story as lines of JSON; a line that was cut off counts as not written. */
final class StoryFile {
  private static final ObjectMapper JSON = new ObjectMapper().registerModule(new Jdk8Module());

  private final Path file;

  StoryFile(Path file) {
    this.file = file;
  }

  List<StoryDay> read() {
    List<StoryDay> days = new ArrayList<>();
    if (!Files.exists(file)) {
      return days;
    }
    try {
      String text = Files.readString(file);
      int whole = text.lastIndexOf('\n') + 1;
      for (String line : text.substring(0, whole).lines().toList()) {
        days.add(JSON.readValue(line, StoryDay.class));
      }
      if (whole < text.length()) {
        Files.writeString(file, text.substring(0, whole));
      }
      return days;
    } catch (IOException e) {
      throw new AccreteException(
          "cannot read the story so far, " + file + ": " + e.getMessage() + "; name a new --out",
          e);
    }
  }

  void add(StoryDay day) {
    try {
      Files.writeString(file, line(day), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new AccreteException("cannot write " + file + ": " + e + "; is the disk full?", e);
    }
  }

  private static String line(StoryDay day) {
    try {
      return JSON.writeValueAsString(day) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a day that JSON cannot hold: " + day, e);
    }
  }
}
