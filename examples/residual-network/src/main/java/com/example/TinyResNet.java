package com.example;

import dev.accrete.core.Shape;
import dev.accrete.nn.ModelProvider;
import dev.accrete.nn.Network;
import dev.accrete.nn.layer.Convolution;
import dev.accrete.nn.layer.GlobalAverage;
import dev.accrete.nn.layer.Layer;
import dev.accrete.nn.layer.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Builds a network of residual blocks for whoever writes {@code tiny-resnet:BLOCKS}. */
public final class TinyResNet implements ModelProvider {
  @Override
  public String name() {
    return "tiny-resnet";
  }

  @Override
  public String usage() {
    return "tiny-resnet[:BLOCKS]";
  }

  @Override
  public Network create(Optional<String> argument, int imageSize, int classes) {
    int blocks = ModelProvider.integer(argument, "the number of blocks", 2);
    if (blocks < 1 || blocks > 50) {
      throw new IllegalArgumentException("the number of blocks must be 1 to 50, got " + blocks);
    }
    List<Layer> body = new ArrayList<>();
    body.add(Sequence.normalized(Convolution.of("stem", 16, 3, 2, 1)));
    for (int i = 1; i <= blocks; i++) {
      body.add(Residual.of("block" + i, 16));
    }
    body.add(new GlobalAverage("pool"));
    return Network.of(
        "tiny-resnet-" + blocks, Shape.of(3, imageSize, imageSize), body, "head", classes);
  }
}
