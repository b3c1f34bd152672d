package dev.accrete.cl.data.sim;

/**
 * What moves from frame to frame.
 *
 * @param spin of the object about its own axis, radians
 * @param pitch of the hand towards the camera, radians
 * @param lean of the hand in the picture plane, radians
 * @param x shift to the right and {@code y} up, in object units
 * @param scale size of the object
 * @param slide how far up (positive) or down the hand holds
 * @param leftHanded whether the left hand holds it
 * @param panX where the camera looks in the background, 0..1; {@code panY} likewise
 * @param zoom width of the background seen, as a part of the whole
 * @param horizon tilt of the camera, radians
 * @param gain exposure of this frame relative to the session
 * @param defocus blur of this frame relative to the session
 */
record Pose(
    double spin,
    double pitch,
    double lean,
    double x,
    double y,
    double scale,
    double slide,
    boolean leftHanded,
    double panX,
    double panY,
    double zoom,
    double horizon,
    double gain,
    double defocus) {}
