package dev.accrete.spark;

import dev.accrete.cl.learner.LearnedPart;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.util.Optional;

/**
 * What was learned, between the machines of one job. It is bytes on the way alone, so that those
 * who add parts up need not read and write them each time.
 */
public final class ShippedPart implements Externalizable {
  private Optional<LearnedPart> content = Optional.empty();

  /** Nothing; for {@link #readExternal}. */
  public ShippedPart() {}

  /** Nothing. */
  static ShippedPart none() {
    return new ShippedPart();
  }

  static ShippedPart of(LearnedPart part) {
    ShippedPart shipped = new ShippedPart();
    shipped.content = Optional.of(part);
    return shipped;
  }

  /** What was learned; empty if there was no image. */
  Optional<LearnedPart> content() {
    return content;
  }

  @Override
  public void writeExternal(ObjectOutput out) throws IOException {
    byte[] bytes = content.map(LearnedPart::encode).orElse(new byte[0]);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  @Override
  public void readExternal(ObjectInput in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    content = bytes.length == 0 ? Optional.empty() : Optional.of(LearnedPart.decode(bytes));
  }
}
