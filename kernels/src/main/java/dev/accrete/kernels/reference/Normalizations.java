package dev.accrete.kernels.reference;

import dev.accrete.core.Shape;
import dev.accrete.core.op.BatchNorm;
import dev.accrete.core.op.BatchRenorm;
import java.util.List;

/**
 * Batch normalization, batch renormalization, normalization by fixed moments, and their gradients.
 */
final class Normalizations {
  private Normalizations() {}

  static void train(BatchNorm norm, List<Cells> in, List<Cells> out) {
    train(norm.epsilon(), 1, 0, norm.averaging(), in, out);
  }

  static void train(BatchRenorm norm, List<Cells> in, List<Cells> out) {
    float[] limits = in.get(5).floats();
    train(norm.epsilon(), limits[0], limits[1], limits[2], in, out);
  }

  private static void train(
      double epsilon, double rMax, double dMax, double averaging, List<Cells> in, List<Cells> out) {
    float[] x = in.get(0).floats();
    float[] saved = out.get(1).floats();
    Planes planes = Planes.of(in.get(0));
    int channels = planes.channels;
    for (int c = 0; c < channels; c++) {
      double mean = planes.sum(c, i -> x[i]) / planes.count();
      double variance = planes.sum(c, i -> (x[i] - mean) * (x[i] - mean)) / planes.count();
      double movingMean = in.get(3).floats()[c];
      double movingVariance = in.get(4).floats()[c];
      double s = Math.sqrt(variance + epsilon);
      double moving = Math.sqrt(movingVariance + epsilon);
      double r = Math.clamp(s / moving, 1 / rMax, rMax);
      double d = Math.clamp((mean - movingMean) / moving, -dMax, dMax);
      double gamma = in.get(1).floats()[c];
      double beta = in.get(2).floats()[c];
      planes.set(c, out.get(0), i -> gamma * ((x[i] - mean) / s * r + d) + beta);
      saved[c] = (float) mean;
      saved[channels + c] = (float) (1 / s);
      saved[2 * channels + c] = (float) r;
      saved[3 * channels + c] = (float) d;
      out.get(2).floats()[c] = (float) (averaging * movingMean + (1 - averaging) * mean);
      out.get(3).floats()[c] = (float) (averaging * movingVariance + (1 - averaging) * variance);
    }
  }

  static void trainGrad(List<Cells> in, List<Cells> out) {
    float[] x = in.get(0).floats();
    float[] saved = in.get(2).floats();
    float[] dy = in.get(3).floats();
    Planes planes = Planes.of(in.get(0));
    int channels = planes.channels;
    for (int c = 0; c < channels; c++) {
      double mean = saved[c];
      double inverse = saved[channels + c];
      double r = saved[2 * channels + c];
      double d = saved[3 * channels + c];
      double gamma = in.get(1).floats()[c];
      double sum = planes.sum(c, i -> dy[i]);
      double product = planes.sum(c, i -> dy[i] * ((x[i] - mean) * inverse));
      planes.set(
          c,
          out.get(0),
          i ->
              gamma
                  * r
                  * inverse
                  * (dy[i]
                      - sum / planes.count()
                      - (x[i] - mean) * inverse * (product / planes.count())));
      out.get(1).floats()[c] = (float) (product * r + sum * d);
      out.get(2).floats()[c] = (float) sum;
    }
  }

  static void infer(double epsilon, List<Cells> in, Cells y) {
    float[] x = in.get(0).floats();
    Planes planes = Planes.of(in.get(0));
    for (int c = 0; c < planes.channels; c++) {
      double gamma = in.get(1).floats()[c];
      double beta = in.get(2).floats()[c];
      double mean = in.get(3).floats()[c];
      double s = Math.sqrt(in.get(4).floats()[c] + epsilon);
      planes.set(c, y, i -> gamma * (x[i] - mean) / s + beta);
    }
  }

  static void inferGrad(double epsilon, List<Cells> in, List<Cells> out) {
    float[] x = in.get(0).floats();
    float[] dy = in.get(4).floats();
    Planes planes = Planes.of(in.get(0));
    for (int c = 0; c < planes.channels; c++) {
      double gamma = in.get(1).floats()[c];
      double mean = in.get(2).floats()[c];
      double s = Math.sqrt(in.get(3).floats()[c] + epsilon);
      planes.set(c, out.get(0), i -> dy[i] * gamma / s);
      out.get(1).floats()[c] = (float) planes.sum(c, i -> dy[i] * ((x[i] - mean) / s));
      out.get(2).floats()[c] = (float) planes.sum(c, i -> dy[i]);
    }
  }

  /** A number for the element at a canonical index. */
  private interface Term {
    double at(int index);
  }

  /** Walks the elements of one channel. */
  private record Planes(int images, int channels, int spatial) {
    static Planes of(Cells x) {
      Shape shape = x.type().shape();
      return new Planes(shape.dim(0), shape.dim(1), shape.spatialSize());
    }

    double count() {
      return (double) images * spatial;
    }

    double sum(int channel, Term term) {
      double sum = 0;
      for (int n = 0; n < images; n++) {
        int plane = (n * channels + channel) * spatial;
        for (int i = plane; i < plane + spatial; i++) {
          sum += term.at(i);
        }
      }
      return sum;
    }

    void set(int channel, Cells y, Term term) {
      for (int n = 0; n < images; n++) {
        int plane = (n * channels + channel) * spatial;
        for (int i = plane; i < plane + spatial; i++) {
          y.floats()[i] = (float) term.at(i);
        }
      }
    }
  }
}
