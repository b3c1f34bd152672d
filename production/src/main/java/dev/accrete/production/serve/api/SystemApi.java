package dev.accrete.production.serve.api;

import dev.accrete.production.serve.http.Exchange;
import dev.accrete.production.serve.http.Reply;
import dev.accrete.production.serve.http.Role;
import dev.accrete.production.serve.http.Route;
import dev.accrete.production.serve.metrics.Metrics;
import java.util.List;

/** The page, the description of all this, and the figures. */
public final class SystemApi {
  private final Metrics metrics;
  private final Page page = Page.load();

  public SystemApi(Metrics metrics) {
    this.metrics = metrics;
  }

  /** Its doors. */
  public List<Route> routes() {
    return List.of(
        Route.of("GET", "/", Role.ANYBODY, exchange -> page.reply()),
        Route.of("GET", "/openapi.yaml", Role.ANYBODY, exchange -> description()),
        Route.of("GET", "/metrics", Role.PREDICT, this::figures));
  }

  private static Reply description() {
    return Reply.text("application/yaml", Page.text("openapi.yaml"));
  }

  private Reply figures(Exchange exchange) {
    Metrics.Page figures = metrics.page(exchange.header("Accept").orElse(null));
    return Reply.of(figures.contentType(), figures.content());
  }
}
