package dev.accrete.spark;

import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * What computes in tasks and on the driver: one backend in each JVM, which all its tasks share. It
 * is made when it is first needed and closed when the JVM ends.
 *
 * @param name of a backend
 * @param mostThreads as many as tasks run beside each other in an executor
 */
record Engine(String name, int mostThreads) implements Serializable {
  private static final Map<Engine, Backend> OPEN = new ConcurrentHashMap<>();

  /** For executors as they are configured; all processors where nothing is said. */
  static Engine of(SparkSession spark, String name) {
    SparkContext context = spark.sparkContext();
    int cores =
        context.isLocal()
            ? context.defaultParallelism()
            : context.getConf().getInt("spark.executor.cores", Integer.MAX_VALUE);
    return new Engine(name, cores);
  }

  /** The backend of this JVM; whoever uses it leaves it open. */
  Backend backend() {
    return OPEN.computeIfAbsent(this, Engine::open);
  }

  private static Backend open(Engine engine) {
    int threads = Math.min(engine.mostThreads, Runtime.getRuntime().availableProcessors());
    Backend backend = Backends.create(engine.name, new BackendOptions(threads));
    Runtime.getRuntime().addShutdownHook(new Thread(backend::close, "accrete-close"));
    return backend;
  }
}
