package dev.accrete.cl.strategy;

import org.junit.jupiter.api.Nested;

/** The strategies of this library keep the contract. */
class StrategyContractTest {
  @Nested
  class OfAr1Star extends StrategyContract {
    @Override
    protected StrategyProvider<?> provider() {
      return new Ar1Star();
    }
  }

  @Nested
  class OfAr1Free extends StrategyContract {
    @Override
    protected StrategyProvider<?> provider() {
      return new Ar1Free();
    }
  }

  @Nested
  class OfCwrStar extends StrategyContract {
    @Override
    protected StrategyProvider<?> provider() {
      return new CwrStar();
    }
  }

  @Nested
  class OfNaive extends StrategyContract {
    @Override
    protected StrategyProvider<?> provider() {
      return new Naive();
    }
  }

  @Nested
  class OfCumulative extends StrategyContract {
    @Override
    protected StrategyProvider<?> provider() {
      return new Cumulative();
    }
  }

  @Nested
  class OfJoint extends StrategyContract {
    @Override
    protected StrategyProvider<?> provider() {
      return new Joint();
    }
  }

  @Nested
  class OfTunedAnalytic extends StrategyContract {
    @Override
    protected StrategyProvider<?> provider() {
      return new TunedAnalytic();
    }
  }

  @Nested
  class OfAnalyticTunedTwice extends StrategyContract {
    @Override
    protected StrategyProvider<?> provider() {
      return new TunedAnalytic();
    }

    @Override
    protected String[] settings() {
      return new String[] {"body.at", "1,3"};
    }
  }

  @Nested
  class OfSlda extends StrategyContract {
    @Override
    protected StrategyProvider<?> provider() {
      return new Slda();
    }
  }

  @Nested
  class OfAnalytic extends StrategyContract {
    @Override
    protected StrategyProvider<?> provider() {
      return new Analytic();
    }
  }

  @Nested
  class OfMirroredAnalytic extends StrategyContract {
    @Override
    protected StrategyProvider<?> provider() {
      return new Analytic();
    }

    @Override
    protected String[] settings() {
      return new String[] {"analytic.layers", "m", "analytic.mirror", "true"};
    }
  }

  @Nested
  class OfAr1StarBatchNorm extends StrategyContract {
    @Override
    protected StrategyProvider<?> provider() {
      return new Ar1StarBatchNorm();
    }
  }

  @Nested
  class OfSparseAr1Star1 extends StrategyContract {
    @Override
    protected StrategyProvider<?> provider() {
      return new Ar1Star();
    }

    @Override
    protected String[] settings() {
      return new String[] {
        "si.density",
        "0.3",
        "si.selection",
        "global",
        "si.sparse",
        "top",
        "si.penalty",
        "gradient-scale"
      };
    }
  }

  @Nested
  class OfSparseAr1Star2 extends StrategyContract {
    @Override
    protected StrategyProvider<?> provider() {
      return new Ar1Star();
    }

    @Override
    protected String[] settings() {
      return new String[] {
        "si.density", "0.05", "si.selection", "layer", "si.sparse", "top", "si.penalty", "quadratic"
      };
    }
  }

  @Nested
  class OfSparseAr1Star3 extends StrategyContract {
    @Override
    protected StrategyProvider<?> provider() {
      return new Ar1Star();
    }

    @Override
    protected String[] settings() {
      return new String[] {
        "si.density",
        "0.5",
        "si.selection",
        "layer",
        "si.sparse",
        "random",
        "si.penalty",
        "gradient-scale"
      };
    }
  }

  @Nested
  class OfSparseAr1Star4 extends StrategyContract {
    @Override
    protected StrategyProvider<?> provider() {
      return new Ar1Star();
    }

    @Override
    protected String[] settings() {
      return new String[] {
        "si.density",
        "0.5",
        "si.selection",
        "global",
        "si.sparse",
        "magnitude",
        "si.penalty",
        "quadratic"
      };
    }
  }
}
