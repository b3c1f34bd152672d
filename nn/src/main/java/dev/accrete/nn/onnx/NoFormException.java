package dev.accrete.nn.onnx;

/** An op that cannot be written; the message says which and why. */
final class NoFormException extends RuntimeException {
  NoFormException(String why) {
    super(why);
  }
}
