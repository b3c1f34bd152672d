package dev.accrete.production.serve.http;

import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may do what: a file with a line {@code role name hash} for each token, where hash is the
 * SHA-256 of the token in hexadecimal. Tokens have 256 random bits, so their hash needs no salt.
 * The file is read again when it changes. One that cannot be understood changes nothing; where
 * there is none any more, no token is valid until there is.
 */
public final class Tokens {
  private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);
  private static final String PREFIX = "accrete_";
  private static final String MISSING = "missing";
  private static final int RANDOM_BYTES = 32;
  private static final int HASH_CHARS = 64;
  private static final long MOST_BYTES = 1L << 20;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._@-]{1,64}");
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path file;
  private volatile List<Entry> entries;
  private Object stamp;

  @SuppressWarnings("ArrayRecordComponent") // Compared in constant time by hand.
  private record Entry(Caller caller, byte[] hash) {}

  /**
   * Reads the file.
   *
   * @throws AccreteException if it cannot be read, has another line, or no token
   */
  public Tokens(Path file) {
    this.file = file;
    stamp = stamp();
    entries = read(file);
    if (entries.isEmpty()) {
      throw new AccreteException(
          file + " has no token; make one with: accrete token --file " + file + " ROLE NAME");
    }
  }

  /** The caller who has this token. Takes as long for every token. */
  Optional<Caller> caller(String token) {
    byte[] hash = hash(token);
    Optional<Caller> found = Optional.empty();
    for (Entry entry : entries) {
      if (MessageDigest.isEqual(entry.hash(), hash)) {
        found = Optional.of(entry.caller());
      }
    }
    return found;
  }

  /** Reads the file again if it has changed. */
  public synchronized void refresh() {
    Object now = stamp();
    if (now.equals(stamp)) {
      return;
    }
    stamp = now;
    if (now.equals(MISSING)) {
      entries = List.of();
      LOG.warn("{} is gone: no token is valid until it is there again", file);
      return;
    }
    try {
      entries = read(file);
      LOG.info("{} is read again: {} tokens", file, entries.size());
    } catch (AccreteException e) {
      LOG.warn("the tokens read before stay valid: {}", e.getMessage());
    }
  }

  private Object stamp() {
    try {
      return List.of(Files.getLastModifiedTime(file), Files.size(file));
    } catch (IOException e) {
      return MISSING;
    }
  }

  private static List<Entry> read(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new AccreteException(file + " is longer than a mebibyte: no file of tokens");
      }
      List<Entry> entries = new ArrayList<>();
      Set<String> names = new HashSet<>();
      int number = 0;
      for (String line : Files.readAllLines(file)) {
        number++;
        if (!line.isBlank() && !line.startsWith("#")) {
          Entry entry = entry(file, number, line);
          if (!names.add(entry.caller().name())) {
            throw broken(file, number, "the name '" + entry.caller().name() + "' is there twice");
          }
          entries.add(entry);
        }
      }
      return List.copyOf(entries);
    } catch (IOException e) {
      throw new AccreteException("cannot read the tokens in " + file + ": " + e, e);
    }
  }

  private static Entry entry(Path file, int number, String line) {
    List<String> words = Arrays.asList(line.strip().split("\\s+"));
    if (words.size() != 3) {
      throw broken(file, number, "it has " + words.size() + " words");
    }
    Role role =
        Arrays.stream(Role.values())
            .filter(some -> some != Role.ANYBODY && some.text().equals(words.getFirst()))
            .findFirst()
            .orElseThrow(() -> broken(file, number, "no role is called '" + words.get(0) + "'"));
    if (!NAME.matcher(words.get(1)).matches()) {
      throw broken(file, number, "the name has other characters than letters, digits, . _ @ -");
    }
    String hash = words.get(2);
    try {
      if (hash.length() != HASH_CHARS) {
        throw new IllegalArgumentException();
      }
      return new Entry(new Caller(words.get(1), role), HexFormat.of().parseHex(hash));
    } catch (IllegalArgumentException e) {
      throw broken(file, number, "the hash is not 64 hexadecimal digits");
    }
  }

  private static AccreteException broken(Path file, int line, String why) {
    return new AccreteException(
        file
            + ", line "
            + line
            + ": "
            + why
            + "; a line is 'role name sha256' with role predict, teach or operate, as accrete token"
            + " writes it");
  }

  private static byte[] hash(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Makes a token and appends its line to a file, which is made, readable by its owner alone, if
   * there is none.
   *
   * @return the token itself, which is kept nowhere
   * @throws IllegalArgumentException if the role or the name cannot be used
   * @throws AccreteException if the name is there already, or the file cannot be written
   */
  public static String make(Path file, String role, String name) {
    Optional<Role> given =
        Arrays.stream(Role.values())
            .filter(
                some -> some != Role.ANYBODY && some.text().equals(role.toLowerCase(Locale.ROOT)))
            .findFirst();
    if (given.isEmpty() || !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a token needs a role (predict, teach or operate) and a name of letters, digits, . _ @ -,"
              + " got '"
              + role
              + "' and '"
              + name
              + "'");
    }
    if (Files.exists(file)
        && read(file).stream().anyMatch(entry -> entry.caller().name().equals(name))) {
      throw new AccreteException(
          file
              + " has a token named '"
              + name
              + "' already: remove its line, or take another name");
    }
    byte[] random = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(random);
    String token = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    String line = given.get().text() + " " + name + " " + HexFormat.of().formatHex(hash(token));
    try {
      if (!Files.exists(file)
          && file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      boolean cut = Files.exists(file) && Files.size(file) > 0 && !endsLine(file);
      Files.writeString(
          file,
          (cut ? "\n" : "") + line + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new AccreteException("cannot write the token to " + file + ": " + e, e);
    }
    return token;
  }

  private static boolean endsLine(Path file) throws IOException {
    return Files.readString(file).endsWith("\n");
  }
}
