package dev.accrete.production.serve.http;

import java.util.List;

/**
 * An address and what answers there.
 *
 * @param path with parameters in braces, such as {@code /v1/classes/{name}/images}
 * @param role what a caller needs
 * @param errors how a refusal looks
 */
public record Route(String method, String path, Role role, ErrorForm errors, Handler handler) {
  /** Answers a request. */
  @FunctionalInterface
  public interface Handler {
    /**
     * Answers.
     *
     * @throws Problem or an {@link dev.accrete.core.AccreteException}, which become refusals
     */
    Reply handle(Exchange exchange) throws InterruptedException;
  }

  /** A route whose refusals look as usual. */
  public static Route of(String method, String path, Role role, Handler handler) {
    return new Route(method, path, role, ErrorForm.ACCRETE, handler);
  }

  /** The parts of its path. */
  List<String> segments() {
    return List.of(path.split("/", -1));
  }
}
