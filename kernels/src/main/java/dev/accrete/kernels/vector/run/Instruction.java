package dev.accrete.kernels.vector.run;

import dev.accrete.kernels.vector.tensor.Operand;
import dev.accrete.kernels.vector.tensor.VectorStore;
import java.util.ArrayList;
import java.util.List;

/** A step of a plan with the operands it touches, from which memory is planned. */
public final class Instruction {
  /** An operand whose memory a result may take over. */
  public record Takeover(Operand operand, Operand result) {}

  final String kind;
  final String detail;
  final long macs;
  final Step step;

  /** The operands touched, by their {@link Operand#root}. */
  public final List<Operand> operands;

  /** Results that may take the place of operands. */
  public final List<Takeover> takeovers = new ArrayList<>();

  /** Variables that are changed once this step is done. */
  public final List<VectorStore.Entry> changed = new ArrayList<>();

  /** Time spent, in all and by the fastest run, and runs so far, if profiled. */
  long nanos;

  long fastest = Long.MAX_VALUE;
  int runs;

  /** A step that touches these operands, for nodes of this kind and work. */
  public Instruction(String kind, String detail, long macs, Step step, List<Operand> operands) {
    this.kind = kind;
    this.detail = detail;
    this.macs = macs;
    this.step = step;
    this.operands = operands;
  }

  /** Lets {@code result} have the memory of {@code operand} if that is not needed any more. */
  public Instruction inPlace(Operand operand, Operand result) {
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
}
