package dev.accrete.spark;

import dev.accrete.core.Backend;
import dev.accrete.core.BackendOptions;
import dev.accrete.core.Backends;
import java.io.Serializable;
import java.util.function.Function;
import org.apache.spark.TaskContext;

/**
 * What computes in a task: a backend of its own, with as many threads as Spark gives a task
 * processors, so that tasks beside each other in an executor take nothing from one another.
 *
 * @param name of a backend
 */
record Engine(String name) implements Serializable {
  /** Does something with a backend that is closed afterwards. */
  <T> T use(Function<Backend, T> work) {
    TaskContext task = TaskContext.get();
    BackendOptions options =
        task == null ? BackendOptions.defaults() : new BackendOptions(Math.max(1, task.cpus()));
    try (Backend backend = Backends.create(name, options)) {
      return work.apply(backend);
    }
  }
}
