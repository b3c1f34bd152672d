/** Layers, networks, training, weight files, and models that predict. */
module dev.accrete.nn {
  requires transitive dev.accrete.core;
  requires transitive java.desktop;
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.databind;
  requires static org.jspecify;

  exports dev.accrete.nn;
  exports dev.accrete.nn.gradient;
  exports dev.accrete.nn.image;
  exports dev.accrete.nn.io;
  exports dev.accrete.nn.layer;

  uses dev.accrete.nn.ModelProvider;

  provides dev.accrete.nn.ModelProvider with
      dev.accrete.nn.CaffeNet.Provider,
      dev.accrete.nn.MobileNetV1.Provider,
      dev.accrete.nn.Mlp.Provider,
      dev.accrete.nn.ResNet.Provider,
      dev.accrete.nn.SmallCnn.Provider;
}
