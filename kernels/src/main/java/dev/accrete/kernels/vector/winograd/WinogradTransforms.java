package dev.accrete.kernels.vector.winograd;

import static dev.accrete.kernels.vector.tensor.Lanes.BLOCK;
import static dev.accrete.kernels.vector.tensor.Lanes.SPECIES;
import static dev.accrete.kernels.vector.tensor.Lanes.WIDTH;

import jdk.incubator.vector.FloatVector;

/**
 * The one-dimensional transforms of Winograd's minimal filtering (Lavin and Gray, "Fast Algorithms
 * for Convolutional Neural Networks", CVPR 2016): of {@code taps + 1} inputs as many numbers are
 * made, one for each point at which polynomials are evaluated; multiplied with those of the taps
 * they give two outputs. Each transform works on one block of 16 channels at a time: input i lies
 * {@code i * step} floats behind {@code at}.
 *
 * <p>Points are 0, 1, -1 and infinity for three taps; for five 0, 11/16, -11/16, 11/8, -11/8 and
 * infinity, with which rounding errors are about those of a plain sum. With 1 and 2 in the places
 * of 11/16 and 11/8, or with four outputs of three taps, they are three to six times as large.
 */
final class WinogradTransforms {
  /** Outputs of a transform. */
  static final int OUTPUTS = 2;

  private static final float A = 11f / 16;
  private static final float B = 11f / 8;
  private static final float[] FINITE_OF_THREE = {0, 1, -1};
  private static final float[] FINITE_OF_FIVE = {0, A, -A, B, -B};

  private WinogradTransforms() {}

  /** Inputs of a transform, and the points that they become. */
  static int points(int taps) {
    return taps + 1;
  }

  /** The factor of every tap in the transform of weights to every point. */
  static double[] factors(int taps) {
    float[] finite = taps == 3 ? FINITE_OF_THREE : FINITE_OF_FIVE;
    double[] factors = new double[points(taps) * taps];
    for (int point = 0; point < finite.length; point++) {
      double factor = 1;
      for (int other = 0; other < finite.length; other++) {
        factor /= other == point ? 1 : finite[point] - finite[other];
      }
      for (int tap = 0; tap < taps; tap++) {
        factors[point * taps + tap] = factor;
        factor *= finite[point];
      }
    }
    factors[factors.length - 1] = 1;
    return factors;
  }

  /** Inputs of three or five taps to points. */
  static void input(int taps, float[] from, int at, int step, float[] to, int to0, int toStep) {
    if (taps == 3) {
      inputOfThree(from, at, step, to, to0, toStep);
    } else {
      inputOfFive(from, at, step, to, to0, toStep);
    }
  }

  /** Points of three or five taps to outputs. */
  static void outputs(int taps, float[] from, int at, int step, float[] to, int to0, int toStep) {
    if (taps == 3) {
      outputsOfThree(from, at, step, to, to0, toStep);
    } else {
      outputsOfFive(from, at, step, to, to0, toStep);
    }
  }

  /** Gradients of the outputs to points. */
  static void gradient(int taps, float[] from, int at, int step, float[] to, int to0, int toStep) {
    for (int lane = 0; lane < BLOCK; lane += WIDTH) {
      FloatVector y0 = FloatVector.fromArray(SPECIES, from, at + lane);
      FloatVector y1 = FloatVector.fromArray(SPECIES, from, at + lane + step);
      int o = to0 + lane;
      y0.intoArray(to, o);
      if (taps == 3) {
        y0.add(y1).intoArray(to, o + toStep);
        y0.sub(y1).intoArray(to, o + 2 * toStep);
      } else {
        FloatVector atA = y1.mul(A);
        FloatVector atB = y1.mul(B);
        y0.add(atA).intoArray(to, o + toStep);
        y0.sub(atA).intoArray(to, o + 2 * toStep);
        y0.add(atB).intoArray(to, o + 3 * toStep);
        y0.sub(atB).intoArray(to, o + 4 * toStep);
      }
      y1.intoArray(to, o + taps * toStep);
    }
  }

  private static void inputOfThree(
      float[] from, int at, int step, float[] to, int to0, int toStep) {
    for (int lane = 0; lane < BLOCK; lane += WIDTH) {
      int i = at + lane;
      FloatVector d0 = FloatVector.fromArray(SPECIES, from, i);
      FloatVector d1 = FloatVector.fromArray(SPECIES, from, i + step);
      FloatVector d2 = FloatVector.fromArray(SPECIES, from, i + 2 * step);
      FloatVector d3 = FloatVector.fromArray(SPECIES, from, i + 3 * step);
      int o = to0 + lane;
      d2.sub(d0).intoArray(to, o);
      d2.add(d1).intoArray(to, o + toStep);
      d2.sub(d1).intoArray(to, o + 2 * toStep);
      d3.sub(d1).intoArray(to, o + 3 * toStep);
    }
  }

  private static void inputOfFive(float[] from, int at, int step, float[] to, int to0, int toStep) {
    FloatVector minusA2 = FloatVector.broadcast(SPECIES, -A * A);
    FloatVector minusB2 = FloatVector.broadcast(SPECIES, -B * B);
    FloatVector both = FloatVector.broadcast(SPECIES, A * A * B * B);
    FloatVector minusSum = FloatVector.broadcast(SPECIES, -A * A - B * B);
    for (int lane = 0; lane < BLOCK; lane += WIDTH) {
      int i = at + lane;
      FloatVector d0 = FloatVector.fromArray(SPECIES, from, i);
      FloatVector d1 = FloatVector.fromArray(SPECIES, from, i + step);
      FloatVector d2 = FloatVector.fromArray(SPECIES, from, i + 2 * step);
      FloatVector d3 = FloatVector.fromArray(SPECIES, from, i + 3 * step);
      FloatVector d4 = FloatVector.fromArray(SPECIES, from, i + 4 * step);
      FloatVector d5 = FloatVector.fromArray(SPECIES, from, i + 5 * step);
      FloatVector evenA = d2.fma(minusB2, d4);
      FloatVector oddA = d1.fma(minusB2, d3).mul(A);
      FloatVector evenB = d2.fma(minusA2, d4);
      FloatVector oddB = d1.fma(minusA2, d3).mul(B);
      int o = to0 + lane;
      d0.fma(both, d2.fma(minusSum, d4)).intoArray(to, o);
      evenA.add(oddA).intoArray(to, o + toStep);
      evenA.sub(oddA).intoArray(to, o + 2 * toStep);
      evenB.add(oddB).intoArray(to, o + 3 * toStep);
      evenB.sub(oddB).intoArray(to, o + 4 * toStep);
      d1.fma(both, d3.fma(minusSum, d5)).intoArray(to, o + 5 * toStep);
    }
  }

  private static void outputsOfThree(
      float[] from, int at, int step, float[] to, int to0, int toStep) {
    for (int lane = 0; lane < BLOCK; lane += WIDTH) {
      int i = at + lane;
      FloatVector p0 = FloatVector.fromArray(SPECIES, from, i);
      FloatVector p1 = FloatVector.fromArray(SPECIES, from, i + step);
      FloatVector p2 = FloatVector.fromArray(SPECIES, from, i + 2 * step);
      FloatVector p3 = FloatVector.fromArray(SPECIES, from, i + 3 * step);
      int o = to0 + lane;
      p0.add(p1.add(p2)).intoArray(to, o);
      p1.sub(p2).add(p3).intoArray(to, o + toStep);
    }
  }

  private static void outputsOfFive(
      float[] from, int at, int step, float[] to, int to0, int toStep) {
    for (int lane = 0; lane < BLOCK; lane += WIDTH) {
      int i = at + lane;
      FloatVector p0 = FloatVector.fromArray(SPECIES, from, i);
      FloatVector p1 = FloatVector.fromArray(SPECIES, from, i + step);
      FloatVector p2 = FloatVector.fromArray(SPECIES, from, i + 2 * step);
      FloatVector p3 = FloatVector.fromArray(SPECIES, from, i + 3 * step);
      FloatVector p4 = FloatVector.fromArray(SPECIES, from, i + 4 * step);
      FloatVector p5 = FloatVector.fromArray(SPECIES, from, i + 5 * step);
      int o = to0 + lane;
      p0.add(p1.add(p2).add(p3.add(p4))).intoArray(to, o);
      p1.sub(p2).mul(A).add(p3.sub(p4).mul(B)).add(p5).intoArray(to, o + toStep);
    }
  }
}
