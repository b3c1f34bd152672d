package dev.accrete.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.accrete.core.AccreteException;
import dev.accrete.core.MemoryException;
import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Shape;
import dev.accrete.nn.io.CaffeModel;
import dev.accrete.nn.io.ProtoWriter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Imports a model this test writes, with the layer names of shicai's MobileNet. */
class CaffeImportTest {
  private static final float FACTOR = 4;
  private final Network network = MobileNetV1.of(0.25, 5, 32);
  private final Weights initial = Weights.initial(network, 1);

  private static float value(String name, int index) {
    return (Math.floorMod(name.hashCode(), 97) + index % 13) / 16f;
  }

  private static ProtoWriter blob(String name, float scale, Shape shape) {
    ProtoWriter extents = new ProtoWriter();
    for (int extent : shape.toArray()) {
      extents.number(1, extent);
    }
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = scale * value(name, i);
    }
    return new ProtoWriter().message(7, extents).packed(5, values);
  }

  /** A Caffe model whose parameter {@code x} has the elements {@code value(x, 0..)}. */
  private byte[] caffe(boolean biases) {
    Map<String, ProtoWriter> layers = new TreeMap<>();
    for (Parameter p : network.parameters().all()) {
      String layer = p.name().substring(0, p.name().lastIndexOf('.'));
      if (p.name().endsWith(".weight")) {
        ProtoWriter convolution = layer(layer).message(7, blob(p.name(), 1, p.shape()));
        if (biases) {
          convolution.message(7, blob(layer + ".bias", 1, Shape.of(p.shape().dim(0))));
        }
        layers.put(layer, convolution);
      } else {
        layers
            .computeIfAbsent(layer + "/scale", CaffeImportTest::layer)
            .message(7, blob(p.name(), 1, p.shape()));
      }
    }
    for (Parameter m : network.moments().all()) {
      String layer = m.name().substring(0, m.name().lastIndexOf('.')) + "/bn";
      layers
          .computeIfAbsent(layer, CaffeImportTest::layer)
          .message(7, blob(m.name(), FACTOR, m.shape()));
      if (m.name().endsWith("variance")) {
        layers
            .get(layer)
            .message(
                7, new ProtoWriter().message(7, new ProtoWriter().number(1, 1)).packed(5, FACTOR));
      }
    }
    ProtoWriter net = new ProtoWriter().string(1, "MOBILENET");
    layers.values().forEach(layer -> net.message(100, layer));
    return net.toBytes();
  }

  private static ProtoWriter layer(String name) {
    return new ProtoWriter().string(1, name);
  }

  private Weights load(byte[] bytes, CaffeImport.ChannelOrder order) {
    return CaffeImport.weights(network, CaffeModel.decode("test", bytes), order, initial);
  }

  private static float[] part(float[] flat, Parameter p) {
    return Arrays.copyOfRange(flat, p.offset(), p.offset() + p.size());
  }

  @Test
  void everyParameterArrives() {
    Weights weights = load(caffe(false), CaffeImport.ChannelOrder.RGB);
    for (Parameter p : network.parameters().all()) {
      float[] values = part(weights.parameters(), p);
      if (p.equals(network.head())) {
        assertThat(values).as("head").isEqualTo(part(initial.parameters(), p));
        continue;
      }
      for (int i = 0; i < values.length; i++) {
        assertThat(values[i]).as(p.name()).isEqualTo(value(p.name(), i));
      }
    }
    for (Parameter m : network.moments().all()) {
      float[] values = part(weights.moments(), m);
      for (int i = 0; i < values.length; i++) {
        assertThat(values[i]).as(m.name()).isEqualTo(value(m.name(), i));
      }
    }
  }

  @Test
  void blueFirstWeightsAreReversed() {
    Parameter first = network.firstConvolution();
    float[] rgb = part(load(caffe(false), CaffeImport.ChannelOrder.RGB).parameters(), first);
    float[] bgr = part(load(caffe(false), CaffeImport.ChannelOrder.BGR).parameters(), first);
    int plane = 9;
    for (int k = 0; k < first.shape().dim(0); k++) {
      for (int c = 0; c < 3; c++) {
        int from = (k * 3 + c) * plane;
        int to = (k * 3 + 2 - c) * plane;
        assertThat(Arrays.copyOfRange(bgr, to, to + plane))
            .isEqualTo(Arrays.copyOfRange(rgb, from, from + plane));
      }
    }
  }

  @Test
  void biasesBeforeANormalizationMoveItsMean() {
    Weights plain = load(caffe(false), CaffeImport.ChannelOrder.RGB);
    Weights biased = load(caffe(true), CaffeImport.ChannelOrder.RGB);
    Parameter mean = network.moments().get("conv2_1/dw.moving_mean");
    for (int i = 0; i < mean.size(); i++) {
      assertThat(biased.moments()[mean.offset() + i])
          .isCloseTo(
              plain.moments()[mean.offset() + i] - value("conv2_1/dw.bias", i), within(1e-5f));
    }
    assertThat(biased.parameters()).isEqualTo(plain.parameters());
  }

  @Test
  void anotherWidthIsAnErrorThatNamesTheLayer() {
    CaffeModel model = CaffeModel.decode("quarter.caffemodel", caffe(false));
    Network wide = MobileNetV1.of(0.5, 5, 32);
    assertThatThrownBy(
            () ->
                CaffeImport.weights(
                    wide, model, CaffeImport.ChannelOrder.BGR, Weights.initial(wide, 1)))
        .isInstanceOf(AccreteException.class)
        .hasMessageContaining("quarter.caffemodel")
        .hasMessageContaining("'conv1'")
        .hasMessageContaining("another width");
    Network other = SmallCnn.of(3, 8);
    assertThatThrownBy(
            () ->
                CaffeImport.weights(
                    other, model, CaffeImport.ChannelOrder.BGR, Weights.initial(other, 1)))
        .isInstanceOf(AccreteException.class);
  }

  @Test
  void aCaffeFileIsWeightsLikeAnyOther(@TempDir Path folder) throws IOException {
    Weights expected = load(caffe(true), CaffeImport.ChannelOrder.BGR);
    for (String name : List.of("mobilenet.caffemodel", "mobilenet.bin")) {
      Path file = Files.write(folder.resolve(name), caffe(true));
      Pretrained opened = WeightFile.open(file, network, List.of("a", "b", "c", "d", "e"), initial);
      assertThat(opened.weights().parameters()).isEqualTo(expected.parameters());
      assertThat(opened.weights().moments()).isEqualTo(expected.moments());
      assertThat(opened.preprocessing()).isEqualTo(Preprocessing.caffeMobileNet());
      assertThat(opened.head()).isFalse();
    }
  }

  @Test
  void numbersThatNoTrainingLeavesAreNamed() {
    byte[] bytes = caffe(false);
    CaffeModel model = CaffeModel.decode("spoilt.caffemodel", bytes);
    model.blobs("conv3_1/sep", 1).getFirst().values()[2] = Float.NaN;
    assertThatThrownBy(
            () -> CaffeImport.weights(network, model, CaffeImport.ChannelOrder.RGB, initial))
        .isInstanceOf(AccreteException.class)
        .hasMessageContainingAll("spoilt.caffemodel", "'conv3_1/sep.weight'", "NaN at element 2");
  }

  @Test
  void filesBeyondTheFormatAreRefusedWithTheReason(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("huge.caffemodel");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(3L << 30);
    }
    assertThatThrownBy(() -> WeightFile.open(file, network, List.of(), initial))
        .isInstanceOf(AccreteException.class)
        .hasMessageContainingAll("huge.caffemodel", "3221225472 bytes", "2 GiB");
  }

  @Test
  void filesBeyondTheHeapNameTheFlag(@TempDir Path folder) throws IOException {
    for (String name : List.of("huge.safetensors", "huge.caffemodel")) {
      Path file = folder.resolve(name);
      long most = name.endsWith("caffemodel") ? Integer.MAX_VALUE - 8 : Long.MAX_VALUE;
      long size = Math.min(most, Runtime.getRuntime().maxMemory() + 1);
      assumeThat(2 * size).isGreaterThan(Runtime.getRuntime().maxMemory());
      try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
        sparse.setLength(size);
      }
      assertThatThrownBy(() -> WeightFile.open(file, network, List.of(), initial))
          .isInstanceOf(MemoryException.class)
          .hasMessageContainingAll(name, "-Xmx");
    }
  }
}
