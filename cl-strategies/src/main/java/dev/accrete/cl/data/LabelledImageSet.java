package dev.accrete.cl.data;

import java.util.List;
import java.util.Objects;

/** What the sets of RGB images with a list of labels share: everything but the pixels. */
abstract class LabelledImageSet implements ImageSet {
  private final String name;
  private final int height;
  private final int width;
  private final List<String> classNames;
  private final int[] labels;

  /**
   * Takes a copy of the labels.
   *
   * @throws IllegalArgumentException if height or width is not in 1..{@link ImageSet#MAX_SIDE}
   */
  LabelledImageSet(String name, int height, int width, List<String> classNames, int[] labels) {
    if (Math.min(height, width) < 1 || Math.max(height, width) > MAX_SIDE) {
      throw new IllegalArgumentException(
          name
              + ": image size "
              + height
              + "x"
              + width
              + " is not in 1.."
              + MAX_SIDE
              + "; choose another --image-size");
    }
    this.name = Objects.requireNonNull(name);
    this.height = height;
    this.width = width;
    this.classNames = List.copyOf(classNames);
    this.labels = labels.clone();
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final int size() {
    return labels.length;
  }

  @Override
  public final int channels() {
    return 3;
  }

  @Override
  public final int height() {
    return height;
  }

  @Override
  public final int width() {
    return width;
  }

  @Override
  public final List<String> classNames() {
    return classNames;
  }

  @Override
  public final int label(int index) {
    return labels[Objects.checkIndex(index, labels.length)];
  }
}
