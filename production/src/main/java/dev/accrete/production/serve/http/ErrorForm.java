package dev.accrete.production.serve.http;

import java.util.Map;

/** How a refusal looks in JSON. */
public enum ErrorForm {
  /** {@code {"error": {"code": ..., "message": ...}}}. */
  ACCRETE,
  /** {@code {"error": "..."}}, as the Open Inference Protocol has it. */
  INFERENCE,
  /** {@code {"code": 400, "error": "..."}}, as Watson had it. */
  WATSON;

  byte[] body(Problem problem) {
    return Json.bytes(
        switch (this) {
          case ACCRETE ->
              Map.of("error", Map.of("code", problem.code(), "message", problem.text()));
          case INFERENCE -> Map.of("error", problem.text());
          case WATSON -> Map.of("code", problem.status(), "error", problem.text());
        });
  }
}
