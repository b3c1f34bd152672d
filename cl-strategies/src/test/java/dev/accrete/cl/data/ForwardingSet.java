package dev.accrete.cl.data;

/** A set that does as another one does, to be changed in one respect. */
class ForwardingSet extends ForwardingImageSet {
  ForwardingSet(ImageSet other) {
    super(other);
  }

  @Override
  public String fingerprint() {
    return "forwarding " + source().fingerprint();
  }
}
