package dev.accrete.spark;

import dev.accrete.nn.image.ImageDecoder;
import dev.accrete.nn.image.ImageException;
import java.util.Optional;
import org.apache.spark.sql.Row;

/** A row of {@link LabelledFiles}. */
record EncodedImage(Row row) {
  String name() {
    return row.getString(LabelledFiles.AT_NAME);
  }

  /** Its class; empty if there is none. */
  Optional<String> label() {
    return row.isNullAt(LabelledFiles.AT_LABEL)
        ? Optional.empty()
        : Optional.of(row.getString(LabelledFiles.AT_LABEL)).filter(label -> !label.isBlank());
  }

  /** The file's content; nothing where it could not be read. */
  byte[] bytes() {
    return row.isNullAt(LabelledFiles.AT_CONTENT)
        ? new byte[0]
        : (byte[]) row.get(LabelledFiles.AT_CONTENT);
  }

  /** Why there are no pixels: it could not be read or decoded. Empty if there are. */
  Optional<String> decode(int side, byte[] pixels, int offset) {
    if (!row.isNullAt(LabelledFiles.AT_ERROR)) {
      return Optional.of(row.getString(LabelledFiles.AT_ERROR));
    }
    try {
      ImageDecoder.decode(bytes(), name(), side, pixels, offset);
      return Optional.empty();
    } catch (ImageException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}
