/**
 * The backends. They are found as services; their insides are nobody else's. The vector backend
 * needs {@code --add-modules jdk.incubator.vector}, the cuda backend {@code --patch-module
 * jcuda=jcuda-natives-...jar}.
 */
module dev.accrete.kernels {
  requires transitive dev.accrete.core;
  requires jcuda;
  requires jdk.management;
  requires static jdk.incubator.vector;
  requires static org.jspecify;

  exports dev.accrete.kernels.spec;

  provides dev.accrete.core.BackendProvider with
      dev.accrete.kernels.reference.ReferenceProvider,
      dev.accrete.kernels.vector.VectorProvider,
      dev.accrete.kernels.cuda.CudaProvider;
}
