package com.example;

import dev.accrete.cl.strategy.StrategyContract;
import dev.accrete.cl.strategy.StrategyProvider;

/** Resume to the bit, growth, unseen classes, bad input: what holds for every strategy. */
class EwcTest extends StrategyContract {
  @Override
  protected StrategyProvider<?> provider() {
    return new Ewc();
  }
}
