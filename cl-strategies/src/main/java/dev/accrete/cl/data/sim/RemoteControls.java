package dev.accrete.cl.data.sim;

import java.util.List;

/** Objects 46-50: remote controls. */
final class RemoteControls {
  private static final int[] FUNCTION_KEYS = {0xc62f2f, 0x3c9a48, 0xe0bd2e, 0x2f63c0};

  private RemoteControls() {}

  static List<ObjectModel> all() {
    return List.of(television(), hifi(), minimal(), universal(), airConditioner());
  }

  /** Long, black, with many grey keys and a row of four colours. */
  private static ObjectModel television() {
    Canvas front = new Canvas(64, 256, 0x1a1b1e);
    front.button(0.22, 0.95, 0.18, 0.025, 0xc62f2f);
    grid(front, 3, 4, 0.16, 0.84, 0.7, 0.9, 0x6d7177);
    for (int i = 0; i < 4; i++) {
      front.button(0.2 + 0.2 * i, 0.63, 0.15, 0.02, FUNCTION_KEYS[i]);
    }
    front.ring(0.5, 0.48, 0.34, 0.09, 0.55, 0x3e4147).disc(0.5, 0.48, 0.15, 0.04, 0x8a8e94);
    front.button(0.25, 0.33, 0.16, 0.06, 0x8a8e94).button(0.75, 0.33, 0.16, 0.06, 0x8a8e94);
    grid(front, 4, 3, 0.12, 0.88, 0.14, 0.27, 0x55585e);
    front.text(191, 0.28, 0.05, 0.03, 5, 0xc8ccd0);
    return remote(front, 0x1a1b1e, 0x121315, 0.3, 1.12, 0.11, 0.1);
  }

  /** Slim and silver with small black keys. */
  private static ObjectModel hifi() {
    Canvas front = new Canvas(64, 224, 0xa4a8ae);
    front.rect(0.08, 0.62, 0.92, 0.96, 0x2a2c30);
    grid(front, 4, 5, 0.12, 0.88, 0.64, 0.94, 0xb8bcc2);
    front.disc(0.5, 0.46, 0.3, 0.085, 0x2a2c30).disc(0.5, 0.46, 0.13, 0.037, 0x4d83c8);
    grid(front, 3, 5, 0.14, 0.86, 0.08, 0.33, 0x2c2f34);
    return remote(front, 0xa4a8ae, 0x6e7278, 0.27, 1.02, 0.08, 0.05);
  }

  /** Small, white, with one ring and two keys. */
  private static ObjectModel minimal() {
    Canvas front = new Canvas(64, 192, 0xeceded);
    front.ring(0.5, 0.78, 0.34, 0.115, 0.45, 0xb6b9bd).disc(0.5, 0.78, 0.14, 0.047, 0xd9dbdd);
    front.disc(0.3, 0.55, 0.13, 0.043, 0xb6b9bd).disc(0.7, 0.55, 0.13, 0.043, 0xb6b9bd);
    front.text(193, 0.32, 0.2, 0.025, 5, 0xc0c2c5);
    return remote(front, 0xeceded, 0xd4d6d8, 0.27, 0.82, 0.06, 0.12);
  }

  /** Wide and dark blue with big soft keys. */
  private static ObjectModel universal() {
    Canvas front = new Canvas(96, 224, 0x27324a);
    front.button(0.5, 0.93, 0.16, 0.035, 0xd23a34);
    grid(front, 3, 4, 0.14, 0.86, 0.56, 0.87, 0xd8dce2);
    front.disc(0.5, 0.38, 0.26, 0.11, 0x3f5078).disc(0.5, 0.38, 0.11, 0.047, 0xe8eaee);
    front.button(0.18, 0.5, 0.14, 0.04, 0x4fa0d8).button(0.82, 0.5, 0.14, 0.04, 0x4fa0d8);
    grid(front, 2, 2, 0.2, 0.8, 0.1, 0.22, 0xe0a030);
    return remote(front, 0x27324a, 0x1b2234, 0.42, 1.05, 0.15, 0.2);
  }

  /** White with a liquid crystal display. */
  private static ObjectModel airConditioner() {
    Canvas front = new Canvas(96, 192, 0xe6e5df);
    front.roundRect(0.12, 0.56, 0.88, 0.93, 0x5a6058).rect(0.17, 0.6, 0.83, 0.89, 0xa9b8a0);
    front.text(197, 0.32, 0.68, 0.14, 2, 0x20281e).text(199, 0.22, 0.84, 0.035, 8, 0x20281e);
    front.button(0.5, 0.47, 0.4, 0.06, 0xe08a2a);
    front.button(0.28, 0.36, 0.26, 0.055, 0xb9c4cc).button(0.72, 0.36, 0.26, 0.055, 0xb9c4cc);
    grid(front, 3, 2, 0.14, 0.86, 0.1, 0.28, 0xc8cacb);
    return remote(front, 0xe6e5df, 0xd2d1cb, 0.38, 0.88, 0.12, 0.12);
  }

  private static void grid(
      Canvas canvas,
      int columns,
      int rows,
      double left,
      double right,
      double bottom,
      double top,
      int colour) {
    double w = (right - left) / columns;
    double h = (top - bottom) / rows;
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        canvas.button(left + (c + 0.5) * w, bottom + (r + 0.5) * h, 0.7 * w, 0.55 * h, colour);
      }
    }
  }

  private static ObjectModel remote(
      Canvas front, int side, int back, double w, double h, double halfDepth, double corner) {
    Canvas rear = new Canvas(48, 128, back);
    rear.rect(0.12, 0.1, 0.88, 0.5, Canvas.scale(back, 1.06))
        .line(0.3, 0.46, 0.7, 0.46, 0.015, side);
    MeshBuilder b = new MeshBuilder();
    b.extrude(
        Material.plastic(front.texture()),
        Material.plastic(rear.texture()),
        Material.plastic(side),
        -halfDepth,
        halfDepth,
        halfDepth * 0.5,
        Paths.roundedRectangle(w, h, corner));
    return ObjectModel.flat(b.mesh(), -0.45, 0.9);
  }
}
