package dev.accrete.production.gate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Answers of one version to images that do not change, so that they need not be asked for again
 * tomorrow: what the candidate answers today the champion would answer then.
 *
 * @param source of model and backend: answers of another are of no use
 * @param answers by the images' keys
 */
record AnswerFile(String source, Map<String, Known> answers) {
  /** The name of the file beside a version. */
  static final String NAME = "answers.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * An answer.
   *
   * @param truth the image's class then
   */
  record Known(String truth, Answer answer) {}

  /** Nothing known. */
  static AnswerFile empty(String source) {
    return new AnswerFile(source, new HashMap<>());
  }

  /** What a file says, or nothing if it is not sound or of another source. */
  static AnswerFile read(Optional<Path> file, String source) {
    if (file.isPresent()) {
      try {
        AnswerFile read = JSON.readValue(Files.readAllBytes(file.get()), AnswerFile.class);
        if (source.equals(read.source) && read.answers != null) {
          return new AnswerFile(source, new HashMap<>(read.answers));
        }
      } catch (IOException e) {
        // Asking again costs a minute and is always right.
        System.getLogger(AnswerFile.class.getName())
            .log(System.Logger.Level.DEBUG, "not used: " + file.get(), e);
      }
    }
    return empty(source);
  }

  /** The answer to an image, unless its class was another then. */
  Optional<Answer> to(String image, String truth) {
    return Optional.ofNullable(answers.get(image))
        .filter(known -> known.truth().equals(truth))
        .map(Known::answer);
  }

  void put(String image, String truth, Answer answer) {
    answers.put(image, new Known(truth, answer));
  }

  byte[] bytes() {
    try {
      return JSON.writeValueAsString(new AnswerFile(source, new TreeMap<>(answers)))
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("answers that JSON cannot hold", e);
    }
  }
}
