package dev.accrete.core.op;

/**
 * The functions of {@link Pointwise}, as they are meant: in double precision, each beside the
 * gradient that {@link PointwiseGrad} computes.
 *
 * <p>To add one, write it here, its lanes in the vector backend's {@code PointLanes}, its line in
 * {@code native/cuda/pointwise.cu} and its ONNX form in {@code OnnxOps}. The reference backend,
 * autodiff, specs, benchmarks and layers follow from this list.
 */
public enum PointFunction {
  /** {@code max(x, 0)}. */
  RELU("Relu", true) {
    @Override
    public double value(double x) {
      return Math.max(x, 0);
    }

    @Override
    public double gradient(double y, double dy) {
      return y > 0 ? dy : 0;
    }
  },

  /**
   * {@code x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3)))}: the approximation by a tanh of
   * Hendrycks and Gimpel, "Gaussian Error Linear Units (GELUs)", arXiv:1606.08415, section 2, not
   * the form with erf, from which it differs by at most 5e-4.
   */
  GELU("Gelu", false) {
    @Override
    public double value(double x) {
      return x * gate(x);
    }

    @Override
    public double gradient(double x, double dy) {
      double gate = gate(x);
      double slope = 2 * SCALE * (1 + 3 * CUBIC * x * x);
      return dy * (gate + x * gate * (1 - gate) * slope);
    }

    /** {@code (1 + tanh(u)) / 2} is the sigmoid of 2 u, which does not cancel for negative u. */
    private double gate(double x) {
      return sigmoid(2 * SCALE * x * (1 + CUBIC * x * x));
    }
  },

  /**
   * {@code x * sigmoid(x)}: Hendrycks and Gimpel 2016; Ramachandran, Zoph and Le, "Searching for
   * Activation Functions", arXiv:1710.05941, who call it swish.
   */
  SILU("Silu", false) {
    @Override
    public double value(double x) {
      return x * sigmoid(x);
    }

    @Override
    public double gradient(double x, double dy) {
      double gate = sigmoid(x);
      return dy * (gate + x * gate * (1 - gate));
    }
  },

  /**
   * {@code x * min(max(x + 3, 0), 6) / 6} (Howard et al., "Searching for MobileNetV3", ICCV 2019).
   */
  HARD_SWISH("HardSwish", false) {
    @Override
    public double value(double x) {
      return x * Math.min(Math.max(x + 3, 0), 6) / 6;
    }

    @Override
    public double gradient(double x, double dy) {
      return x > 3 ? dy : x < -3 ? 0 : dy * (x / 3 + 0.5);
    }
  },

  /** The hyperbolic tangent. */
  TANH("Tanh", true) {
    @Override
    public double value(double x) {
      return Math.tanh(x);
    }

    @Override
    public double gradient(double y, double dy) {
      return dy * (1 - y * y);
    }
  },

  /** {@code 1 / (1 + exp(-x))}. */
  SIGMOID("Sigmoid", true) {
    @Override
    public double value(double x) {
      return sigmoid(x);
    }

    @Override
    public double gradient(double y, double dy) {
      return dy * y * (1 - y);
    }
  };

  private static final double SCALE = Math.sqrt(2 / Math.PI);
  private static final double CUBIC = 0.044715;

  private final String label;
  private final boolean gradientOfResult;

  PointFunction(String label, boolean gradientOfResult) {
    this.label = label;
    this.gradientOfResult = gradientOfResult;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** What errors, profiles and reports call it, for example {@code HardSwish}. */
  public String label() {
    return label;
  }

  /**
   * Whether its gradient is a function of the result y, as that of a tanh is, rather than of the
   * operand x: the other one need not be kept for the backward pass.
   */
  public boolean gradientOfResult() {
    return gradientOfResult;
  }

  /** The result for x; NaN stays NaN. */
  public abstract double value(double x);

  /**
   * The gradient with respect to x.
   *
   * @param v the result y if {@link #gradientOfResult}, else the operand x
   * @param dy the gradient with respect to y
   */
  public abstract double gradient(double v, double dy);
}
