package dev.accrete.cl.data.sim;

/** Linear red, green and blue of a light. */
record Light(double red, double green, double blue) {
  static final Light NONE = new Light(0, 0, 0);

  double[] channels() {
    return new double[] {red, green, blue};
  }
}
