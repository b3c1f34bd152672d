package dev.accrete.production.store;

import java.nio.file.Path;
import java.util.Locale;

/** Where things lie in a store's folder. */
record Home(Path root) {
  static final String MODEL = "model.safetensors";
  static final String LEARNER = "learner";
  static final String CARD = "card.json";
  private static final int SHARD = 2;

  Path database() {
    return root.resolve("store.db");
  }

  Path lock() {
    return root.resolve("store.lock");
  }

  Path policy() {
    return root.resolve("policy.yaml");
  }

  Path blobs() {
    return root.resolve("blobs");
  }

  Path pixels() {
    return root.resolve("pixels");
  }

  Path versions() {
    return root.resolve("versions");
  }

  /** What a check of days remembers. */
  Path memory() {
    return root.resolve("memory");
  }

  Path temporary() {
    return root.resolve("tmp");
  }

  /** An original, as it was received. */
  Path blob(String sha256) {
    return blobs().resolve(sha256.substring(0, SHARD)).resolve(sha256);
  }

  Path version(int id) {
    return versions().resolve(String.format(Locale.ROOT, "%06d", id));
  }

  Path model(int id) {
    return version(id).resolve(MODEL);
  }

  Path learner(int id) {
    return version(id).resolve(LEARNER);
  }

  /** How the database calls a file: from the store's folder on, with slashes. */
  String name(Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }
}
