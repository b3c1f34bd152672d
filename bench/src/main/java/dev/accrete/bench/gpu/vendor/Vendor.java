package dev.accrete.bench.gpu.vendor;

import dev.accrete.core.Precision;
import dev.accrete.core.op.BatchNormInference;
import dev.accrete.core.op.BatchRenorm;
import dev.accrete.core.op.BatchRenormGrad;
import dev.accrete.core.op.Conv2d;
import dev.accrete.core.op.Conv2dInputGrad;
import dev.accrete.core.op.Conv2dWeightGrad;
import dev.accrete.core.op.MatMul;
import dev.accrete.core.op.Op;
import dev.accrete.kernels.spec.OpSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import jcuda.driver.CUstream;

/** A library of NVIDIA's, by one way to call it. */
public enum Vendor {
  /** Products, by the foreign-function interface. */
  CUBLAS,
  /** Products, by JCublas, which binds one version. */
  JCUBLAS,
  /** Convolutions and batch normalization, by the foreign-function interface. */
  CUDNN;

  /** The versions that it can be, the newest first. */
  private List<String> files() {
    return switch (this) {
      case CUBLAS -> List.of("libcublas.so.13", "libcublas.so.12", "libcublas.so.11");
      case JCUBLAS -> List.of("libcublas.so.12");
      case CUDNN -> List.of("libcudnn.so.9", "libcudnn.so.8");
    };
  }

  /** How the names of its cases end, and what it is called. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The name of its case beside one of ours. */
  public String name(String ours) {
    return ours + ":" + label();
  }

  /** Whose case has this name; empty if it is one of ours. */
  public static Optional<Vendor> of(String name) {
    return Arrays.stream(values()).filter(v -> name.endsWith(":" + v.label())).findFirst();
  }

  /** The case of ours that this one is beside. */
  public String ours(String name) {
    return name.substring(0, name.length() - label().length() - 1);
  }

  /** Whether it does an op; cuDNN has no bf16 on numbers that lie in memory as fp32. */
  public boolean does(Op op, Precision precision) {
    return switch (op) {
      case MatMul ignored -> this != CUDNN;
      case Conv2d ignored -> this == CUDNN && precision != Precision.BF16;
      case Conv2dInputGrad ignored -> this == CUDNN && precision != Precision.BF16;
      case Conv2dWeightGrad ignored -> this == CUDNN && precision != Precision.BF16;
      case BatchRenorm ignored -> this == CUDNN;
      case BatchRenormGrad ignored -> this == CUDNN;
      case BatchNormInference ignored -> this == CUDNN;
      default -> false;
    };
  }

  /** The layouts between which it has a choice. */
  public List<Layout> layouts() {
    return this == CUDNN ? List.of(Layout.values()) : List.of(Layout.CANONICAL);
  }

  /**
   * Makes it ready for an op that it {@link #does}.
   *
   * @param layout of what has four axes
   * @param stream where it works; its context must be the thread's
   * @param named whether to take no library but one that the user names: with an emulated driver
   * @throws dev.accrete.core.AccreteException if it is not there, or refuses
   */
  public VendorCall open(
      OpSpec.Case spec, Precision precision, Layout layout, CUstream stream, boolean named) {
    NativeLibrary library = NativeLibrary.open(label(), files(), named);
    return switch (this) {
      case CUBLAS -> new CublasProduct(library, Product.of(spec, precision), stream);
      case JCUBLAS -> new JCublasProduct(Product.of(spec, precision), stream);
      case CUDNN -> {
        Cudnn cudnn = new Cudnn(library, stream);
        try {
          yield switch (spec.op()) {
            case BatchRenorm ignored -> new CudnnNorm(cudnn, spec, layout);
            case BatchRenormGrad ignored -> new CudnnNorm(cudnn, spec, layout);
            case BatchNormInference ignored -> new CudnnNorm(cudnn, spec, layout);
            default -> new CudnnConvolution(cudnn, spec, precision, layout);
          };
        } catch (RuntimeException e) {
          cudnn.close();
          throw e;
        }
      }
    };
  }
}
