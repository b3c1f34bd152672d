package dev.accrete.cl.strategy;

import dev.accrete.core.Parameters;
import dev.accrete.core.Variable;
import dev.accrete.nn.Network;

/**
 * How the arrays of a network with fewer classes lie in those of one with more: the head is the
 * last of the flat parameters, its rows stand in the order of class ids, and so whatever was saved
 * is a prefix of what is needed.
 */
final class Growth {
  private final Network network;
  private final int savedClasses;

  Growth(Network network, int savedClasses) {
    this.network = network;
    this.savedClasses = savedClasses;
  }

  /** Elements that the array of a variable had in the smaller network. */
  int savedSize(Variable variable) {
    int whole = variable.type().shape().size();
    if (whole == network.parameters().size() && !isPerClass(variable)) {
      int end = savedPart(variable);
      return Math.ceilDiv(end, Parameters.ALIGNMENT) * Parameters.ALIGNMENT;
    }
    return isPerClass(variable) ? savedPart(variable) : whole;
  }

  /** Elements of it that count: the rest is padding. */
  int savedPart(Variable variable) {
    int whole = variable.type().shape().size();
    if (isPerClass(variable)) {
      return whole / network.classes() * savedClasses;
    }
    return whole == network.parameters().size()
        ? network.head().offset() + savedClasses * network.featureSize()
        : whole;
  }

  /** Banks and counts have one row for each class. */
  private boolean isPerClass(Variable variable) {
    return variable.name().equals("bank") || variable.name().equals("past");
  }
}
