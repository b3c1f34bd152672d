package dev.accrete.app;

import dev.accrete.cl.data.ImageCache;
import dev.accrete.cl.data.PackOptions;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code accrete cache}. */
@Command(
    name = "cache",
    description = "What the cache of decoded images holds; --prune or --clear make room.",
    mixinStandardHelpOptions = true,
    usageHelpAutoWidth = true)
final class CacheCommand implements Callable<Integer> {
  private static final double MIB = 1L << 20;

  @Spec private CommandSpec spec;

  @ArgGroup(exclusive = true)
  private Room room = new Room();

  /** One of two ways to make room. */
  private static final class Room {
    @Option(
        names = "--prune",
        paramLabel = "SIZE",
        description =
            "Delete the packs not used for the longest time until SIZE is left: 500M, 2G.")
    private @Nullable String prune;

    @Option(names = "--clear", description = "Delete all packs that nobody uses now.")
    private boolean clear;
  }

  @Override
  public Integer call() {
    ImageCache cache = ImageCache.standard();
    Console console = Console.of(spec);
    String prune = room.prune;
    if (room.clear) {
      report(console, "deleted", cache.clear());
    } else if (prune != null) {
      report(console, "deleted", cache.prune(size(prune)));
    }
    report(console, "kept", cache.list());
    console.print(
        String.format(Locale.ROOT, "%.0f MiB in %s", cache.bytes() / MIB, cache.folder()));
    return 0;
  }

  private long size(String text) {
    try {
      return PackOptions.bytes(text);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--prune: " + e.getMessage(), e);
    }
  }

  private static void report(Console console, String what, List<ImageCache.Pack> packs) {
    List<List<String>> rows = new ArrayList<>();
    for (ImageCache.Pack pack : packs) {
      rows.add(
          List.of(
              what + " " + pack.source(),
              pack.images() + " images",
              pack.width() + "x" + pack.height(),
              String.format(Locale.ROOT, "%.1f MiB", pack.bytes() / MIB),
              "used " + pack.lastUsed().truncatedTo(ChronoUnit.SECONDS)));
    }
    if (!rows.isEmpty()) {
      console.print(SummaryTable.aligned(rows).stripTrailing());
    }
  }
}
