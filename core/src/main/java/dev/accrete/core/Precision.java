package dev.accrete.core;

import java.util.Locale;

/**
 * To how many bits the factors of matrix products and convolutions may be rounded. Everything else,
 * sums, weights and activations in memory among it, is fp32 in every precision; depthwise
 * convolutions round nothing either, for they are bound by memory.
 */
public enum Precision {
  /** 24 bits: as the caller gave them. */
  FP32,

  /** 11 bits, with the range of fp32, for the tensor cores of NVIDIA's GPUs. */
  TF32,

  /** 8 bits (bfloat16), with the range of fp32. */
  BF16;

  /** The name in lower case, as users write it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
