package dev.accrete.spark;

import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Function;
import org.apache.spark.sql.SparkSession;

/**
 * What computes: a backend for each of a JVM's task slots, with as many threads as a task has
 * cores. It is made when a slot first needs it, used by one task after the other, and closed when
 * the JVM ends. (One backend for all tasks would run their kernels in turns, each waiting for all
 * threads while other tasks decode: half the speed.)
 *
 * @param name of a backend
 * @param threads of each
 */
record Engine(String name, int threads) implements Serializable {
  private static final Map<Engine, ConcurrentLinkedDeque<Backend>> IDLE = new ConcurrentHashMap<>();

  /** For tasks. */
  static Engine ofTasks(SparkSession spark, String name) {
    return new Engine(name, spark.sparkContext().getConf().getInt("spark.task.cpus", 1));
  }

  /** For the driver, which computes when no task does. */
  static Engine ofDriver(String name) {
    return new Engine(name, Runtime.getRuntime().availableProcessors());
  }

  /** Does something with a backend that nobody else uses meanwhile. */
  <T> T use(Function<Backend, T> work) {
    Backend backend = borrow();
    try {
      return work.apply(backend);
    } finally {
      giveBack(backend);
    }
  }

  /** A backend for the caller alone, until it is given back. */
  Backend borrow() {
    Backend idle = idle().poll();
    return idle == null ? open() : idle;
  }

  /** Lets others use it. */
  void giveBack(Backend backend) {
    idle().push(backend);
  }

  private ConcurrentLinkedDeque<Backend> idle() {
    return IDLE.computeIfAbsent(this, engine -> new ConcurrentLinkedDeque<>());
  }

  private Backend open() {
    Backend backend = Backends.create(name, new BackendOptions(threads));
    Runtime.getRuntime().addShutdownHook(new Thread(backend::close, "accrete-close"));
    return backend;
  }
}
