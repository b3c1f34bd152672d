package dev.accrete.production.store;

import dev.accrete.core.AccreteException;
import dev.accrete.production.ingest.Item;
import java.util.Locale;

/**
 * What is to be forgotten.
 *
 * @param value a digest, a subject, or the name of a class
 * @param actor a person or a program
 * @param reason stands in the ledger and in the certificate
 */
public record ForgetRequest(What what, String value, String actor, String reason) {
  /** A kind of thing that can be forgotten. */
  public enum What {
    /** One image, by the digest of its file. */
    IMAGE,
    /** All images of a subject. */
    SUBJECT,
    /** All images of a class, and the class. */
    CLASS;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Spells what is to be forgotten as the store does, and checks that there is something to forget,
   * and a reason to.
   *
   * @throws AccreteException if one of them is blank
   */
  public ForgetRequest {
    value = Item.spelled(value);
    if (value.isBlank()) {
      throw new AccreteException("which " + what.text() + " is to be forgotten? Name it");
    }
    if (reason.isBlank()) {
      throw new AccreteException(
          "forgetting needs a reason, which stands in the ledger: say why with --reason");
    }
  }

  /** The same of something else. */
  ForgetRequest of(String other) {
    return new ForgetRequest(what, other, actor, reason);
  }
}
