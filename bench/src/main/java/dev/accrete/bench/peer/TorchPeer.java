package dev.accrete.bench.peer;

import dev.accrete.bench.work.Contender;
import dev.accrete.bench.work.Workload;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** torch for Python, running a program of the folder {@code bench/peers}. */
final class TorchPeer {
  private TorchPeer() {}

  static Search find(String script, Workload workload) throws IOException, InterruptedException {
    Python.Answer answer = Python.withTorch();
    Optional<String> python = answer.interpreter();
    if (python.isEmpty()) {
      return Search.missing(
          "the peer of updates and ops, torch for Python, is missing ("
              + String.join("; ", answer.failures())
              + "). Install it (Debian: apt install python3-torch)");
    }
    return Search.found(
        new Contender(
                List.of(python.get(), "-B"),
                List.of(Installation.script(script).toString()),
                Map.of())
            .withEnvironment(Installation.tuned(workload.threads())),
        List.of());
  }
}
