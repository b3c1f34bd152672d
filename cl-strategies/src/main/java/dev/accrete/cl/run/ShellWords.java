package dev.accrete.cl.run;

import java.util.Collection;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Command lines that a POSIX shell reads back as they were meant. */
public final class ShellWords {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private ShellWords() {}

  /** One word: as it is where a shell would leave it so, else in single quotes. */
  public static String quote(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /** Words of a command line, each quoted where it must be. */
  public static String join(Collection<String> words) {
    return words.stream().map(ShellWords::quote).collect(Collectors.joining(" "));
  }
}
