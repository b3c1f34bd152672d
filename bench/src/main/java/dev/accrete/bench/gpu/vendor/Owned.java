package dev.accrete.bench.gpu.vendor;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.Deque;

/** Things to release together, the newest first; memory of the host last. */
public final class Owned implements AutoCloseable {
  private final Arena arena = Arena.ofConfined();
  private final Deque<Resource> resources = new ArrayDeque<>();

  /** Something to release that does not throw checked exceptions. */
  public interface Resource extends AutoCloseable {
    @Override
    void close();
  }

  /** Memory of the host that lasts as long. */
  public Arena arena() {
    return arena;
  }

  /** Adds something, and returns it. */
  public <T extends Resource> T add(T resource) {
    resources.push(resource);
    return resource;
  }

  @Override
  public void close() {
    while (!resources.isEmpty()) {
      resources.pop().close();
    }
    arena.close();
  }
}
