package dev.accrete.cl.strategy;

import dev.accrete.nn.NormKind;

/** The control of AR1*: renormalization is plain batch normalization, and all else is equal. */
public final class Ar1StarBatchNorm extends Ar1Star {
  @Override
  public String name() {
    return "ar1-star-bn";
  }

  @Override
  public String label() {
    return "AR1*, plain BN";
  }

  @Override
  public String description() {
    return "the control: AR1* with plain batch normalization";
  }

  @Override
  public int colour() {
    return 5;
  }

  @Override
  public int rank() {
    return 60;
  }

  @Override
  public Settings defaults(int horizon) {
    Settings ar1 = super.defaults(horizon);
    return new Settings(
        ar1.solver().withNorm(NormKind.BATCH),
        ar1.first(),
        ar1.later(),
        ar1.headRule(),
        ar1.synaptic());
  }
}
