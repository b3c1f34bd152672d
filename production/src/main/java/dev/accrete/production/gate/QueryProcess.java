package dev.accrete.production.gate;

import dev.accrete.cl.run.Plugins;
import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import dev.accrete.nn.Model;
import dev.accrete.nn.Predictor;
import dev.accrete.production.gate.QueryFiles.Reply;
import dev.accrete.production.gate.QueryFiles.Request;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The process that a model is tried in; started by {@link LoadAndQuery}, of no use to people.
 *
 * <p>Arguments: file of the model, request, answer, backend, threads, plug-ins.
 */
public final class QueryProcess {
  private static final int OWN_ARGUMENTS = 5;
  private static final int LEAST_QUERIES = 50;
  private static final long LONGEST_NANOS = 3_000_000_000L;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double NANOS_PER_MILLISECOND = 1e6;
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String PEAK = "VmHWM:";
  private static final long KIB = 1024;

  private QueryProcess() {}

  /** Runs, and exits with 0, or with 1 and a line on the standard error. */
  @SuppressWarnings("SystemExitOutsideMain") // this is main
  public static void main(String[] args) {
    long start = System.nanoTime();
    System.setProperty("java.awt.headless", "true");
    try {
      run(args, start);
    } catch (AccreteException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    } catch (OutOfMemoryError e) {
      System.err.println(
          "out of memory with a heap of "
              + (Runtime.getRuntime().maxMemory() >> 20)
              + " MiB ("
              + e.getMessage()
              + ")");
      System.exit(1);
    } catch (IOException e) {
      System.err.println("the files of the query cannot be read or written: " + e);
      System.exit(1);
    }
    System.exit(0); // whatever a plug-in has left running
  }

  private static void run(String[] args, long start) throws IOException {
    List<Path> plugins =
        Arrays.stream(args).skip(OWN_ARGUMENTS).map(name -> Path.of(name)).toList();
    if (!plugins.isEmpty()) {
      Plugins.use(plugins);
    }
    Request request = QueryFiles.readRequest(Path.of(args[1]));
    BackendOptions options = new BackendOptions(Integer.parseInt(args[4]));
    try (Backend backend = Backends.create(args[3], options);
        Predictor predictor = Model.load(Path.of(args[0])).open(backend)) {
      QueryFiles.write(Path.of(args[2]), ask(predictor, request, start));
    }
  }

  private static Reply ask(Predictor predictor, Request request, long start) {
    int classes = predictor.model().classes().size();
    int bytes = request.pixels().length / request.rows();
    double[] probabilities = new double[Math.multiplyExact(request.rows(), classes)];
    List<Long> nanos = new ArrayList<>();
    long loaded = start;
    for (int query = 0; ; query++) {
      int row = query % request.rows();
      byte[] image = Arrays.copyOfRange(request.pixels(), row * bytes, (row + 1) * bytes);
      long before = System.nanoTime();
      double[] answer = predictor.probabilities(image, 1);
      long after = System.nanoTime();
      if (query == 0) {
        loaded = after;
      }
      if (query < request.rows()) {
        System.arraycopy(answer, 0, probabilities, row * classes, classes);
      } else {
        nanos.add(after - before);
      }
      boolean enough = nanos.size() >= LEAST_QUERIES || after - loaded > LONGEST_NANOS;
      if (!nanos.isEmpty() && enough) {
        break;
      }
    }
    return new Reply(
        (loaded - start) / NANOS_PER_SECOND,
        median(nanos) / NANOS_PER_MILLISECOND,
        peakBytes(),
        probabilities);
  }

  private static double median(List<Long> values) {
    List<Long> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2.0;
  }

  /** The most physical memory where the system tells it, else the most heap. */
  private static long peakBytes() {
    if (Files.isReadable(STATUS)) {
      try (Stream<String> lines = Files.lines(STATUS)) {
        return lines
            .filter(line -> line.startsWith(PEAK))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
            .findFirst()
            .orElseGet(QueryProcess::peakHeap);
      } catch (IOException e) {
        return peakHeap(); // a container that hides it
      }
    }
    return peakHeap();
  }

  private static long peakHeap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .mapToLong(pool -> pool.getPeakUsage().getUsed())
        .sum();
  }
}
