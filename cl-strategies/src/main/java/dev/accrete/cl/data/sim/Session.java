package dev.accrete.cl.data.sim;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One of the eleven recordings: a place, its light and how the camera copes with it. Colours are
 * linear.
 *
 * @param background what is behind the hand
 * @param hand the hand with this day's sleeve
 * @param light unit vector towards the main light (x right, y up, z to the camera)
 * @param key colour of the main light; {@code sky} and {@code ground} of the rest, from above and
 *     below
 * @param exposure gain of the camera and {@code contrast} (0..1) of its tone curve
 * @param saturation 1 leaves colours alone, 0 makes them grey
 * @param noise standard deviation of sensor noise at 128 pixels, in grey levels of 255
 * @param blur standard deviation of defocus at 128 pixels, in pixels
 * @param backgroundBlur levels by which the background is out of focus
 */
record Session(
    Texture background,
    Hand hand,
    Direction light,
    Light key,
    Light sky,
    Light ground,
    double exposure,
    double contrast,
    double saturation,
    double noise,
    double blur,
    int backgroundBlur) {
  /** Session 1..11; painted when first asked for, then kept. */
  static Session number(int session) {
    return SESSIONS.computeIfAbsent(session, Session::paint);
  }

  private static final int SKIN = 0xcf9a7c;
  private static final Map<Integer, Session> SESSIONS = new ConcurrentHashMap<>();

  private static Session paint(int session) {
    return switch (session) {
      case 1 ->
          of(Backgrounds.desk(), 0x3a4a68, -0.5, 0.8, 0.6)
              .lit(0.95, 0.92, 0.86, 0.42, 0.42, 0.44, 0.3, 0.26, 0.22)
              .camera(1.0, 0.25, 1.0, 3.0, 0.5, 0);
      case 2 ->
          of(Backgrounds.bookshelf(), 0x7a2f33, 0.7, 0.5, 0.6)
              .lit(0.9, 0.8, 0.62, 0.32, 0.3, 0.28, 0.26, 0.22, 0.18)
              .camera(0.95, 0.35, 1.05, 4.5, 0.7, 1);
      case 3 ->
          of(Backgrounds.kitchen(), 0xd8d4c8, 0.3, 0.9, 0.45)
              .lit(0.72, 0.8, 0.88, 0.46, 0.48, 0.5, 0.3, 0.3, 0.3)
              .camera(1.08, 0.2, 0.9, 4.0, 0.6, 0);
      case 4 ->
          of(Backgrounds.lawn(), 0x4f5a3c, -0.7, 0.6, 0.5)
              .lit(1.15, 1.08, 0.92, 0.4, 0.46, 0.58, 0.2, 0.26, 0.12)
              .camera(0.95, 0.45, 1.1, 2.0, 0.4, 1);
      case 5 ->
          of(Backgrounds.livingRoom(), 0x26282e, 0.6, 0.35, 0.7)
              .lit(1.0, 0.72, 0.44, 0.24, 0.2, 0.16, 0.2, 0.14, 0.1)
              .camera(0.95, 0.3, 1.0, 6.0, 0.9, 1);
      case 6 ->
          of(Backgrounds.corridor(), 0x5c6670, 0.05, 0.95, 0.3)
              .lit(0.6, 0.68, 0.66, 0.4, 0.44, 0.42, 0.26, 0.27, 0.26)
              .camera(0.95, 0.1, 0.8, 5.5, 0.8, 0);
      case 7 ->
          of(Backgrounds.curtains(), 0x8a6a44, -0.75, 0.35, 0.5)
              .lit(0.95, 0.78, 0.58, 0.3, 0.26, 0.24, 0.22, 0.18, 0.16)
              .camera(0.95, 0.3, 0.95, 6.0, 0.8, 1);
      case 8 ->
          of(Backgrounds.whiteboard(), 0x2e5a4c, -0.3, 0.75, 0.75)
              .lit(0.7, 0.78, 0.9, 0.5, 0.54, 0.6, 0.36, 0.36, 0.38)
              .camera(1.02, 0.15, 0.95, 3.0, 0.5, 0);
      case 9 ->
          of(Backgrounds.woodenFloor(), 0x8c8c94, 0.45, 0.7, 0.55)
              .lit(0.85, 0.76, 0.6, 0.36, 0.33, 0.3, 0.3, 0.22, 0.15)
              .camera(0.98, 0.3, 1.05, 4.0, 0.7, 0);
      case 10 ->
          of(Backgrounds.brickWall(), 0xb8b4ac, 0.7, 0.62, 0.4)
              .lit(1.25, 1.16, 0.98, 0.38, 0.42, 0.5, 0.24, 0.21, 0.18)
              .camera(0.98, 0.4, 1.0, 2.5, 0.4, 0);
      default ->
          of(Backgrounds.trees(), 0x30343a, -0.2, 0.9, 0.35)
              .lit(0.5, 0.54, 0.6, 0.56, 0.6, 0.68, 0.26, 0.28, 0.24)
              .camera(0.92, 0.15, 0.85, 4.0, 0.6, 1);
    };
  }

  private static Session of(Texture background, int sleeve, double x, double y, double z) {
    return new Session(
        background,
        new Hand(SKIN, sleeve),
        Direction.of(x, y, z),
        Light.NONE,
        Light.NONE,
        Light.NONE,
        1,
        0,
        1,
        0,
        0,
        0);
  }

  /** Sets the three lights, red, green and blue each: key, sky and ground. */
  private Session lit(
      double keyRed,
      double keyGreen,
      double keyBlue,
      double skyRed,
      double skyGreen,
      double skyBlue,
      double groundRed,
      double groundGreen,
      double groundBlue) {
    return new Session(
        background,
        hand,
        light,
        new Light(keyRed, keyGreen, keyBlue),
        new Light(skyRed, skyGreen, skyBlue),
        new Light(groundRed, groundGreen, groundBlue),
        exposure,
        contrast,
        saturation,
        noise,
        blur,
        backgroundBlur);
  }

  private Session camera(
      double exposureGain,
      double contrastAmount,
      double saturationGain,
      double noiseLevel,
      double blurRadius,
      int backgroundLevels) {
    return new Session(
        background,
        hand,
        light,
        key,
        sky,
        ground,
        exposureGain,
        contrastAmount,
        saturationGain,
        noiseLevel,
        blurRadius,
        backgroundLevels);
  }
}
