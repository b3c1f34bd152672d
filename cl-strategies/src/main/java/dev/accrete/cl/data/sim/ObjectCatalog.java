package dev.accrete.cl.data.sim;

import java.util.ArrayList;
import java.util.List;

/** The fifty objects in CORe50's order: ten categories of five. */
public final class ObjectCatalog {
  /** Category names in CORe50's order; object n belongs to category (n - 1) / 5. */
  public static final List<String> CATEGORIES =
      List.of(
          "plug_adapter",
          "mobile_phone",
          "scissor",
          "light_bulb",
          "can",
          "glass",
          "ball",
          "marker",
          "cup",
          "remote_control");

  private ObjectCatalog() {}

  /** Names of the fifty classes, such as {@code can_22}: category and object number. */
  public static List<String> objectNames() {
    List<String> names = new ArrayList<>();
    for (int object = 1; object <= 50; object++) {
      names.add(CATEGORIES.get((object - 1) / 5) + "_" + object);
    }
    return List.copyOf(names);
  }

  /** Model of object 1..50; built when first asked for. */
  static ObjectModel model(int object) {
    return Models.ALL.get(object - 1);
  }

  private static final class Models {
    static final List<ObjectModel> ALL = build();

    private static List<ObjectModel> build() {
      List<ObjectModel> models = new ArrayList<>();
      models.addAll(PlugAdapters.all());
      models.addAll(MobilePhones.all());
      models.addAll(ScissorPairs.all());
      models.addAll(LightBulbs.all());
      models.addAll(Cans.all());
      models.addAll(Glasses.all());
      models.addAll(Balls.all());
      models.addAll(Markers.all());
      models.addAll(Cups.all());
      models.addAll(RemoteControls.all());
      return List.copyOf(models);
    }
  }
}
