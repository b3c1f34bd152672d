package dev.accrete.production.store;

import java.time.Instant;
import java.util.Optional;

/**
 * A day's images.
 *
 * @param id 1, 2, 3, ... in order of arrival
 * @param revision 1, and one more for every correction
 * @param digest of its content as it came
 * @param source where it came from
 * @param train images to be learned
 * @param regression images never to be learned
 * @param quarantined images set aside
 * @param refusal why it was refused
 * @param drift JSON on how it differs from the days before, if somebody recorded it
 */
public record Day(
    int id,
    String name,
    int revision,
    String digest,
    Instant receivedAt,
    String source,
    DayState state,
    int train,
    int regression,
    int quarantined,
    Optional<String> refusal,
    Optional<String> drift) {}
