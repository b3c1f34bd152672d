package dev.accrete.production.serve.workshop;

import dev.accrete.nn.Model;
import java.util.List;
import java.util.OptionalInt;

/**
 * Keeps numbered versions of one model, says which of them answers, and learns. Thread-safe.
 *
 * <p>Errors that a client can mend are {@link dev.accrete.core.AccreteException}s; work that this
 * workshop never does is refused with an {@link UnsupportedWorkException}.
 */
public interface Workshop extends AutoCloseable {
  /** What the model is called in addresses: letters, digits, dots, dashes and underscores. */
  String name();

  /** Which versions have names now. Asked for every second, so it must be cheap. */
  Aliases aliases();

  /**
   * The model of a version.
   *
   * @throws dev.accrete.core.AccreteException if there is no such version, or it is damaged
   */
  Model model(int version);

  /** All versions, the newest first. */
  List<Version> versions();

  /** The last movements of aliases, the newest first. */
  List<Movement> ledger(int most);

  /** Keeps answers that were given, so that a label may come for them later. */
  void record(List<Answer> answers);

  /** Keeps what another version would have answered. */
  void recordSecond(List<SecondOpinion> opinions);

  /**
   * Keeps labels for answers given earlier, in the order in which they come.
   *
   * @return what became of each, in the same order
   */
  List<FeedbackOutcome> feedback(List<Label> labels, String by);

  /**
   * Learns images of some classes, known or new, and makes the result the champion.
   *
   * @throws dev.accrete.core.AccreteException if nothing can be learned from them; the champion
   *     then stays
   */
  Taught teach(List<Lesson> lessons, String by);

  /**
   * Makes a version the champion.
   *
   * @param version which; if empty, the candidate
   * @param force even if it was not found good enough
   * @param reason why; needed with {@code force}
   * @throws dev.accrete.core.AccreteException if there is none, it is the champion already, or it
   *     was not found good enough
   */
  Aliases promote(OptionalInt version, boolean force, String reason, String by);

  /**
   * Makes an earlier champion the champion again.
   *
   * @param version which; if empty, the previous one
   * @throws dev.accrete.core.AccreteException if there is none
   */
  Aliases rollback(OptionalInt version, String reason, String by);

  /** Removes all that came from a subject, such as a person, and what was learned from it. */
  Forgotten forget(String subject, String by);

  /** Keeps a remark on what the server did by itself, such as the end of a canary. */
  void note(Note note);

  @Override
  void close();
}
