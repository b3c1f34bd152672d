package dev.accrete.core;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The layout of a network's parameters as ranges of one flat buffer. Weights, gradients, momentum,
 * trajectory, importance and anchors are all variables of this one layout, so that an update is one
 * pass and a checkpoint a few blobs. Ranges start at multiples of {@link #ALIGNMENT} elements; the
 * gaps hold zeros. Immutable.
 */
public final class Parameters {
  /** Ranges start at multiples of this many elements, so that vector loads never straddle two. */
  public static final int ALIGNMENT = 16;

  /** What a parameter is to its layer; strategies decide by this what trains and how. */
  public enum Role {
    /** The weight of a convolution with one group, or with fewer groups than channels. */
    CONVOLUTION,
    /** The weight of a depthwise convolution. */
    DEPTHWISE,
    /** The weight of a linear layer below the head. */
    LINEAR,
    /** An additive bias. */
    BIAS,
    /** The scale (gamma) of a normalization. */
    NORM_SCALE,
    /** The shift (beta) of a normalization. */
    NORM_SHIFT,
    /** The weight of the classifier. */
    HEAD,
    /** The moving mean of a normalization; lives in a layout of its own and is never trained. */
    MOVING_MEAN,
    /** The moving variance of a normalization; likewise. */
    MOVING_VARIANCE
  }

  /**
   * A named range. {@code offset} counts elements. {@code fanIn} serves initializers; 0 if none.
   */
  public record Parameter(String name, Role role, Shape shape, int offset, int fanIn) {
    /** The number of elements. */
    public int size() {
      return shape.size();
    }
  }

  private final Map<String, Parameter> byName;
  private final int size;

  private Parameters(Map<String, Parameter> byName, int size) {
    this.byName = byName;
    this.size = size;
  }

  /** A builder of an empty layout. */
  public static Builder builder() {
    return new Builder();
  }

  /** The parameters in order of offset. */
  public List<Parameter> all() {
    return List.copyOf(byName.values());
  }

  /** The parameter of this name, if there is one. */
  public Optional<Parameter> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /**
   * The parameter of this name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Parameter get(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no parameter is named " + name + "; there are " + byName.keySet()));
  }

  /** The length of the flat buffer in elements, gaps included. */
  public int size() {
    return size;
  }

  /** The number of actual parameters, gaps excluded. */
  public int count() {
    return byName.values().stream().mapToInt(Parameter::size).sum();
  }

  /** A variable of this layout. */
  public Variable variable(String name) {
    return new Variable(name, TensorType.f32(size));
  }

  /** The range of {@code parameter} within a variable of this layout. */
  public Value.View view(Variable variable, Parameter parameter) {
    return variable.view(parameter.offset(), parameter.shape());
  }

  /** Lays parameters out one after the other. */
  public static final class Builder {
    private final Map<String, Parameter> byName = new LinkedHashMap<>();
    private int end;

    private Builder() {}

    /**
     * Adds a parameter.
     *
     * @throws IllegalArgumentException if the name is taken
     */
    public Parameter add(String name, Role role, Shape shape, int fanIn) {
      Parameter parameter = new Parameter(name, role, shape, end, fanIn);
      if (byName.putIfAbsent(name, parameter) != null) {
        throw new IllegalArgumentException("a parameter named " + name + " exists already");
      }
      end =
          Math.multiplyExact(Math.ceilDiv(Math.addExact(end, shape.size()), ALIGNMENT), ALIGNMENT);
      return parameter;
    }

    /** The names so far. */
    public List<String> names() {
      return new ArrayList<>(byName.keySet());
    }

    /**
     * The finished layout; at least one alignment unit long, so that a variable can be made of it.
     */
    public Parameters build() {
      return new Parameters(new LinkedHashMap<>(byName), Math.max(end, ALIGNMENT));
    }
  }
}
