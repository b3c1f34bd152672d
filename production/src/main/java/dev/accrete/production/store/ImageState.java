package dev.accrete.production.store;

import java.util.Locale;

/** Whether an image takes part. */
public enum ImageState {
  /** It does. */
  KEPT,
  /** A corrected day lacks it; a version may have learned it. */
  REPLACED,
  /** It was forgotten on request: nothing of it is left but its number. */
  FORGOTTEN;

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static ImageState of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
