package dev.accrete.cl.data.sim;

/**
 * One of the fifty objects, upright, about two units high, around the origin.
 *
 * @param mesh its surface
 * @param grip where and how wide the hand holds it
 * @param spin how far it may turn about its own axis, in radians either way (pi: all around)
 * @param lean how far it may lean in the picture plane, in radians either way
 */
record ObjectModel(Mesh mesh, Grip grip, double spin, double lean) {
  /** A thing that looks alike from all sides and is turned all around. */
  static ObjectModel round(Mesh mesh, double gripHeight) {
    return new ObjectModel(mesh, Grip.around(mesh, gripHeight), StrictMath.PI, 0.45);
  }

  /** A thing with a face, which is shown most of the time. */
  static ObjectModel flat(Mesh mesh, double gripHeight, double lean) {
    return new ObjectModel(mesh, Grip.around(mesh, gripHeight), 1.0, lean);
  }

  /** The same object, held by a different part. */
  ObjectModel heldAt(Grip other) {
    return new ObjectModel(mesh, other, spin, lean);
  }
}
