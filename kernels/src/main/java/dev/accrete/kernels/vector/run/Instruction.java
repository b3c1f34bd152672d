package dev.accrete.kernels.vector.run;

import dev.accrete.kernels.vector.tensor.Operand;
import dev.accrete.kernels.vector.tensor.VectorStore;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A step of a plan with all operands it reads and writes, from which memory is planned: what else
 * the step touched might lie where another operand does by then.
 */
public final class Instruction {
  /** An operand whose memory a result may take over. */
  public record Takeover(Operand operand, Operand result) {}

  final String kind;
  final String detail;
  final long macs;

  final Step step;

  /** What is read, sums that an epilogue needs included. */
  public final List<Operand> reads;

  /** What is written. */
  public final List<Operand> writes;

  /** Results that may take the place of operands. */
  public final List<Takeover> takeovers = new ArrayList<>();

  /** Variables that are changed once this step is done. */
  public final List<VectorStore.Entry> changed = new ArrayList<>();

  /** Time spent, in all and by the fastest run, and runs so far, if profiled. */
  long nanos;

  long fastest = Long.MAX_VALUE;
  int runs;

  /** A step, for nodes of this kind and work. */
  public Instruction(
      String kind, String detail, long macs, Step step, List<Operand> reads, List<Operand> writes) {
    this.kind = kind;
    this.detail = detail;
    this.macs = macs;
    this.step = step;
    this.reads = List.copyOf(reads);
    this.writes = List.copyOf(writes);
  }

  /** All operands, by their {@link Operand#root}. */
  public Stream<Operand> touched() {
    return Stream.concat(reads.stream(), writes.stream()).map(Operand::root);
  }

  /** Lets {@code result} have the memory of {@code operand} if that is not needed any more. */
  public Instruction inPlace(Operand operand, Operand result) {
    if (!reads.contains(operand) || !writes.contains(result)) {
      throw new IllegalStateException(this + " can put only what it writes where it reads");
    }
    takeovers.add(new Takeover(operand.root(), result.root()));
    return this;
  }

  /** Runs the step, and marks what it changed. */
  public void run() {
    step.run();
    for (VectorStore.Entry entry : changed) {
      entry.changes++;
    }
  }

  @Override
  public String toString() {
    return kind + " " + detail;
  }
}
