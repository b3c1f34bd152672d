/** Tensors, the op IR, graphs, autodiff and the backend SPI. */
module dev.accrete.core {
  requires static org.jspecify;

  exports dev.accrete.core;
  exports dev.accrete.core.op;

  uses dev.accrete.core.BackendProvider;
}
