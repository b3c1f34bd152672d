package dev.accrete.kernels.cuda;

import java.util.ArrayDeque;
import java.util.Deque;

/** Things to release together, the newest first. */
final class Owned implements AutoCloseable {
  private final Deque<Resource> resources = new ArrayDeque<>();

  /** Something to release that does not throw checked exceptions. */
  interface Resource extends AutoCloseable {
    @Override
    void close();
  }

  <T extends Resource> T add(T resource) {
    resources.push(resource);
    return resource;
  }

  @Override
  public void close() {
    while (!resources.isEmpty()) {
      resources.pop().close();
    }
  }
}
