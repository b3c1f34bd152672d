package dev.accrete.production.store;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.core.Backend;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Makes the next version of the days that came in. */
final class Updating {
  private final Core core;
  private final UpdateOptions options;

  Updating(Core core, UpdateOptions options) {
    this.core = core;
    this.options = options;
  }

  /** What came in since the champion. */
  private record Work(Optional<Version> champion, List<Difference> differences) {
    boolean isEmpty() {
      return differences.stream().allMatch(Difference::isEmpty);
    }
  }

  /**
   * Lets the champion's learner go on with what came in since; nothing if nothing did, or the
   * candidate knows it already.
   */
  Optional<Version> update(Backend backend, ProgressListener progress) {
    return core.exclusively(
        "make a version",
        scratch -> {
          Work work = core.database().read(this::work);
          if (work.isEmpty() || isMade(work.champion(), session -> known(session, work))) {
            return Optional.empty();
          }
          return Optional.of(make(work, backend, progress, scratch));
        });
  }

  /**
   * Whether the candidate was made of this champion and knows just that: a killed process may not
   * have said so.
   */
  private boolean isMade(Optional<Version> champion, Making.Everything everything) {
    return core.database()
        .read(
            session -> {
              OptionalInt id = Tables.aliases(session).candidate();
              if (id.isEmpty()) {
                return false;
              }
              Version candidate = Promoting.require(session, id.getAsInt());
              OptionalInt parent =
                  champion.isPresent() ? OptionalInt.of(champion.get().id()) : OptionalInt.empty();
              Knowledge known = Knowledge.of(session, candidate.id());
              List<Target> targets = everything.targets(session);
              boolean same =
                  candidate.kind() == options.kind()
                      && candidate.parent().equals(parent)
                      && known.days().size() == targets.size();
              for (Target target : targets) {
                same = same && known.difference(session, target).isEmpty();
              }
              return same;
            });
  }

  private Version make(Work work, Backend backend, ProgressListener progress, Path scratch)
      throws IOException {
    Making making = new Making(core, backend, progress, options.announced());
    VersionWriter writer = writer();
    Optional<Version> champion = work.champion();
    return champion.isEmpty()
        ? making.begin(champion, this::everything, false, 0, writer, scratch)
        : making.goOn(
            champion.get(), work.differences(), session -> known(session, work), writer, scratch);
  }

  /**
   * Lets a fresh learner learn everything that is kept; nothing if nothing is, or the champion is
   * made again, as after a first day.
   */
  Optional<Version> retrain(boolean together, Backend backend, ProgressListener progress) {
    return core.exclusively(
        "make a version",
        scratch -> {
          boolean any =
              core.database().read(this::everything).stream()
                  .anyMatch(target -> !target.content().isEmpty());
          Optional<Version> champion = core.database().read(Updating::champion);
          if (!any || isMade(champion, this::everything)) {
            return Optional.empty();
          }
          Version made =
              new Making(core, backend, progress, options.announced())
                  .begin(champion, this::everything, together, 0, writer(), scratch);
          return isSame(champion, made) ? Optional.empty() : Optional.of(made);
        });
  }

  private VersionWriter writer() {
    return new VersionWriter(
        core,
        options.kind(),
        (session, version) -> {
          // There is nothing to judge in the same model, and an update's knows more days.
          if (!version.fresh() || !isSame(champion(session), version)) {
            new Movements(core, session, options.kind().text(), options.actor())
                .move(Alias.CANDIDATE, OptionalInt.of(version.id()), "", false);
          }
        });
  }

  private static boolean isSame(Optional<Version> champion, Version made) {
    return champion.filter(now -> now.modelDigest().equals(made.modelDigest())).isPresent();
  }

  static Optional<Version> champion(Session session) throws SQLException {
    OptionalInt id = Tables.aliases(session).champion();
    return id.isPresent() ? Tables.version(session, id.getAsInt()) : Optional.empty();
  }

  private boolean isUsable(Day day) {
    return switch (day.state()) {
      case INGESTED, LEARNED -> true;
      case BLOCKED -> options.blocked();
      case REFUSED -> false;
    };
  }

  private boolean isWanted(Day day) {
    return options.only().isEmpty() || options.only().get().equals(day.name());
  }

  /** All days as they are now; of one whose correction is blocked, what the champion knows. */
  private List<Target> everything(Session session) throws SQLException {
    Knowledge knowledge = Knowledge.of(session, champion(session));
    List<Target> targets = new ArrayList<>();
    for (Day day : Tables.days(session)) {
      if (isUsable(day) && isWanted(day)) {
        targets.add(Target.now(session, day));
      } else if (isWanted(day) && knowledge.days().contains(day.id())) {
        targets.add(knowledge.target(session, day));
      }
    }
    return targets;
  }

  /** What the champion knows, with what came in since. */
  private List<Target> known(Session session, Work work) throws SQLException {
    Knowledge knowledge = Knowledge.of(session, work.champion());
    List<Integer> renewed =
        work.differences().stream().map(difference -> difference.target().day().id()).toList();
    List<Target> targets = new ArrayList<>();
    for (Day day : Tables.days(session)) {
      if (renewed.contains(day.id())) {
        targets.add(Target.now(session, day));
      } else if (knowledge.days().contains(day.id())) {
        targets.add(knowledge.target(session, day));
      }
    }
    return targets;
  }

  private Work work(Session session) throws SQLException {
    Optional<Version> champion = champion(session);
    Knowledge known = Knowledge.of(session, champion);
    List<Difference> differences = new ArrayList<>();
    for (Day day : Tables.days(session)) {
      if (isUsable(day) && isWanted(day) && !known.has(day.id(), day.revision())) {
        differences.add(known.difference(session, Target.now(session, day)));
      }
    }
    return new Work(champion, differences);
  }
}
