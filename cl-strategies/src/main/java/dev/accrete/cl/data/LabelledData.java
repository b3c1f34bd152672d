package dev.accrete.cl.data;

/** A labelled data set with its own test split. */
public record LabelledData(ImageSet train, ImageSet test) implements AutoCloseable {
  /**
   * Checks that the splits belong together.
   *
   * @throws IllegalArgumentException if they differ in classes or image size
   */
  public LabelledData {
    if (!train.classNames().equals(test.classNames())) {
      throw new IllegalArgumentException(
          train.name()
              + " has "
              + train.classNames().size()
              + " classes, "
              + test.name()
              + " has "
              + test.classNames().size()
              + " or others; both splits must agree");
    }
    if (train.height() != test.height() || train.width() != test.width()) {
      throw new IllegalArgumentException(train.name() + " and " + test.name() + " differ in size");
    }
  }

  @Override
  public void close() {
    train.close();
    test.close();
  }
}
