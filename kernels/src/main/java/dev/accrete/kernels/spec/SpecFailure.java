package dev.accrete.kernels.spec;

/** A backend does not do what the spec of an op demands. The message says where and by how much. */
public final class SpecFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SpecFailure(String message) {
    super(message);
  }
}
