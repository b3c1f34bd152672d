package dev.accrete.production.serve.workshop;

import dev.accrete.core.AccreteException;
import dev.accrete.nn.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One model's file. Whenever the file is replaced by another model, that is the next version; a
 * file that cannot be read changes nothing. Keeps no answers and no labels, and learns nothing.
 */
public final class FileWorkshop implements Workshop {
  private static final Logger LOG = LoggerFactory.getLogger(FileWorkshop.class);
  private static final String BY = "file";

  private final Path file;
  private final String name;
  private final List<Version> versions = new ArrayList<>();
  private final List<Movement> ledger = new ArrayList<>();
  private Model model;
  private Object stamp;

  /**
   * Reads the file.
   *
   * @throws AccreteException if it is no model
   */
  public FileWorkshop(Path file) {
    this.file = file;
    stamp = stamp();
    model = Model.load(file);
    name = name(file);
    add();
  }

  /** The file's name as far as addresses allow, without what follows its first dot. */
  private static String name(Path file) {
    String plain =
        String.valueOf(file.getFileName())
            .replaceFirst("\\..*", "")
            .replaceAll("[^A-Za-z0-9_-]+", "-");
    return plain.isEmpty() || plain.equals("-") ? "model" : plain;
  }

  /** Changes when the file is replaced, cheaply; what then counts is the content. */
  private Object stamp() {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return List.of(found.lastModifiedTime(), found.size(), String.valueOf(found.fileKey()));
    } catch (IOException e) {
      return "missing";
    }
  }

  private void add() {
    int number = versions.size() + 1;
    OptionalInt before = number == 1 ? OptionalInt.empty() : OptionalInt.of(number - 1);
    Instant now = Instant.now();
    versions.add(
        new Version(
            number,
            before,
            now,
            "the file " + file,
            model.digest(),
            model.classes(),
            "",
            true,
            Map.of()));
    ledger.add(
        new Movement(
            number, now, "champion", before, OptionalInt.of(number), "the file's content", BY));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public synchronized Aliases aliases() {
    Object now = stamp();
    if (!now.equals(stamp)) {
      stamp = now;
      follow();
    }
    int number = versions.size();
    return new Aliases(
        OptionalInt.of(number),
        OptionalInt.empty(),
        number == 1 ? OptionalInt.empty() : OptionalInt.of(number - 1));
  }

  private void follow() {
    try {
      Model next = Model.load(file);
      if (!next.digest().equals(model.digest())) {
        model = next;
        add();
      }
    } catch (AccreteException e) {
      LOG.warn("the model read before goes on: {}", e.getMessage());
    }
  }

  @Override
  public synchronized Model model(int version) {
    if (version != versions.size()) {
      throw new AccreteException(
          "version " + version + " is gone: the file holds version " + versions.size());
    }
    return model;
  }

  @Override
  public synchronized List<Version> versions() {
    return List.copyOf(versions.reversed());
  }

  @Override
  public synchronized List<Movement> ledger(int most) {
    return List.copyOf(ledger.reversed().subList(0, Math.min(most, ledger.size())));
  }

  @Override
  public void record(List<Answer> answers) {
    // There is nowhere to keep them.
  }

  @Override
  public void recordSecond(List<SecondOpinion> opinions) {
    // Nor these: a file has no candidate.
  }

  @Override
  public List<FeedbackOutcome> feedback(List<Label> labels, String by) {
    throw unsupported("keeps no labels");
  }

  @Override
  public Taught teach(List<Lesson> lessons, String by) {
    throw unsupported("learns nothing");
  }

  @Override
  public Aliases promote(OptionalInt version, boolean force, String reason, String by) {
    throw unsupported("has one version: replace the file to change it");
  }

  @Override
  public Aliases rollback(OptionalInt version, String reason, String by) {
    throw unsupported("has one version: replace the file to change it");
  }

  @Override
  public Forgotten forget(String subject, String by) {
    return new Forgotten(subject, 0, 0, OptionalInt.empty(), "");
  }

  private UnsupportedWorkException unsupported(String what) {
    return new UnsupportedWorkException(
        "a server of one model's file " + what + "; serve a store (accrete serve STORE)");
  }

  @Override
  public void note(Note note) {
    LOG.info("{}: {}", note.about(), note.text());
  }

  @Override
  public void close() {
    // Nothing is held but memory.
  }
}
