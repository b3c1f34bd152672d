package dev.accrete.bench.peer;

import dev.accrete.bench.work.InferenceWorkload;
import dev.accrete.bench.work.OpWorkload;
import dev.accrete.bench.work.PeakWorkload;
import dev.accrete.bench.work.TrainingWorkload;
import dev.accrete.bench.work.UpdateWorkload;
import dev.accrete.bench.work.Workload;
import java.io.IOException;

/** The best other engine for each kind of work. */
public final class Peers {
  private Peers() {}

  /** Looks for the peer of a workload; may export a model for it, once. */
  public static Search find(Workload workload) throws IOException, InterruptedException {
    return switch (workload) {
      case TrainingWorkload training -> LibtorchPeer.find(training, Installation.libraries());
      case InferenceWorkload inference -> OnnxPeer.find(inference, Installation.libraries());
      case UpdateWorkload update -> TorchPeer.find("ar1_update.py", update);
      case OpWorkload op -> TorchPeer.find("ops.py", op);
      case PeakWorkload ignored -> Search.none();
    };
  }
}
