package dev.accrete.kernels.cuda;

import java.util.function.Consumer;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;

/**
 * A program as a CUDA graph. Launching a kernel by itself costs the CPU about 2 microseconds, a
 * graph of hundreds as much as a few: a training step of small layers would otherwise wait for the
 * host.
 */
final class CapturedProgram implements Owned.Resource {
  private final CUgraph graph = new CUgraph();
  private final CUgraphExec executable = new CUgraphExec();

  private CapturedProgram() {}

  /** Records what is given to the stream; runs nothing. Buffers must be placed. */
  static CapturedProgram of(Device device, Consumer<CUstream> steps) {
    CapturedProgram captured = new CapturedProgram();
    device.enter();
    CUstream stream = device.compute();
    Cuda.check(
        JCudaDriver.cuStreamBeginCapture(
            stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL),
        "begin to capture a graph");
    try {
      steps.accept(stream);
    } catch (RuntimeException e) {
      // Else everything that the stream is given later would be recorded too. What went wrong is
      // known already: the status of this call says no more.
      JCudaDriver.cuStreamEndCapture(stream, captured.graph);
      throw e;
    }
    Cuda.check(JCudaDriver.cuStreamEndCapture(stream, captured.graph), "capture a graph");
    Cuda.check(
        JCudaDriver.cuGraphInstantiate(captured.executable, captured.graph, 0),
        "make a graph runnable");
    return captured;
  }

  void launch(CUstream stream) {
    Cuda.check(JCudaDriver.cuGraphLaunch(executable, stream), "run a graph");
  }

  @Override
  public void close() {
    Cuda.check(JCudaDriver.cuGraphExecDestroy(executable), "close a graph");
    Cuda.check(JCudaDriver.cuGraphDestroy(graph), "close a graph");
  }
}
