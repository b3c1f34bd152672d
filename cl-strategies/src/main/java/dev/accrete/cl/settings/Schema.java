package dev.accrete.cl.settings;

import dev.accrete.core.AccreteException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The settings that a record declares with {@link Setting} and {@link Nested}: their names, texts
 * and ranges, and the way between the record and its texts.
 *
 * @param <S> the record
 */
public final class Schema<S extends Record> {
  private final Class<S> type;
  private final List<Part> parts = new ArrayList<>();
  private final Map<String, Declared> byName = new LinkedHashMap<>();

  /** One component: a setting, or a record of settings. */
  private sealed interface Part {
    RecordComponent component();
  }

  private record Declared(RecordComponent component, String name, Setting setting)
      implements Part {}

  private record Inner(RecordComponent component, Schema<?> schema) implements Part {}

  /**
   * One setting, for help texts.
   *
   * @param name as the command line and {@code config.json} spell it
   * @param text what it does
   * @param range what it may be
   */
  public record Entry(String name, String text, String range) {}

  private Schema(Class<S> type, String prefix) {
    this.type = type;
    for (RecordComponent component : type.getRecordComponents()) {
      Setting setting = component.getAnnotation(Setting.class);
      Nested nested = component.getAnnotation(Nested.class);
      if (nested != null) {
        Schema<?> schema =
            new Schema<>(component.getType().asSubclass(Record.class), prefix + nested.value());
        parts.add(new Inner(component, schema));
        schema.byName.values().forEach(this::add);
      } else if (setting != null) {
        String own = setting.name().isEmpty() ? hyphened(component.getName()) : setting.name();
        if (!Values.isKnown(component)) {
          throw new IllegalArgumentException(
              type.getName()
                  + "."
                  + component.getName()
                  + " cannot be a setting of type "
                  + component.getGenericType().getTypeName()
                  + "; use int, long, float, double, boolean, String, an enum, List<Integer> or a"
                  + " type with a static parse(String)");
        }
        Declared declared = new Declared(component, prefix + own, setting);
        parts.add(declared);
        add(declared);
      } else {
        throw new IllegalArgumentException(
            type.getName()
                + "."
                + component.getName()
                + " is no setting: annotate it with @Setting, or with @Nested if it is a record of"
                + " settings");
      }
    }
  }

  private void add(Declared declared) {
    if (byName.put(declared.name(), declared) != null) {
      throw new IllegalArgumentException(
          type.getName() + " declares setting " + declared.name() + " twice");
    }
  }

  /**
   * The settings of a record class.
   *
   * @throws IllegalArgumentException if a component is not annotated, or a name is declared twice
   */
  public static <S extends Record> Schema<S> of(Class<S> type) {
    return new Schema<>(type, "");
  }

  /** The settings of the class of a record. */
  @SuppressWarnings("unchecked") // the class of an S is a Class<S>: records have no subclasses
  public static <S extends Record> Schema<S> of(S settings) {
    return of((Class<S>) settings.getClass());
  }

  /**
   * Some settings with others in the place of a few, checked as a whole.
   *
   * @param changes names and values in turn: {@code "mini-batch", "32", "first.epochs", "2"}
   * @throws AccreteException as {@link #with(Record, Map)}
   */
  public static <S extends Record> S change(S settings, String... changes) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < changes.length; i += 2) {
      map.put(changes[i], changes[i + 1]);
    }
    return of(settings).with(settings, map);
  }

  /** The names, in the order of declaration. */
  public List<String> names() {
    return List.copyOf(byName.keySet());
  }

  /** Whether there is a setting of this name. */
  public boolean has(String name) {
    return byName.containsKey(name);
  }

  /** All settings, for help texts. */
  public List<Entry> entries() {
    return byName.values().stream()
        .map(
            d -> new Entry(d.name(), d.setting().value(), Values.range(d.component(), d.setting())))
        .toList();
  }

  /** All settings by name, each as a text that {@link #with} takes. */
  public Map<String, String> toMap(S settings) {
    Map<String, String> map = new LinkedHashMap<>();
    collect(settings, map);
    return map;
  }

  private void collect(Record settings, Map<String, String> map) {
    for (Part part : parts) {
      Object value = get(part.component(), settings);
      switch (part) {
        case Declared d -> map.put(d.name(), Values.text(value, d.setting()));
        case Inner inner -> inner.schema().collect((Record) value, map);
      }
    }
  }

  /**
   * Settings with some replaced: first all are read, then the whole is checked.
   *
   * @param changes values by name
   * @throws AccreteException if there is no such setting, naming those there are, a value cannot be
   *     read or is out of range, or the values contradict each other
   */
  public S with(S settings, Map<String, String> changes) {
    for (String name : changes.keySet()) {
      if (!has(name)) {
        throw new AccreteException(
            "there is no setting '" + name + "'; use one of " + String.join(", ", names()));
      }
    }
    S changed = type.cast(build(settings, changes));
    check(changed);
    return changed;
  }

  private Record build(Record settings, Map<String, String> changes) {
    Object[] values = new Object[parts.size()];
    for (int i = 0; i < values.length; i++) {
      Object old = get(parts.get(i).component(), settings);
      values[i] =
          switch (parts.get(i)) {
            case Declared d -> {
              String text = changes.get(d.name());
              yield text == null ? old : read(d, text, old);
            }
            case Inner inner -> inner.schema().build((Record) old, changes);
          };
    }
    try {
      Class<?>[] types =
          Arrays.stream(type.getRecordComponents())
              .map(RecordComponent::getType)
              .toArray(Class<?>[]::new);
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw new AccreteException(
          "settings " + changes + ": " + Optional.ofNullable(e.getCause()).orElse(e).getMessage(),
          e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(type.getName() + " cannot be made: " + e, e);
    }
  }

  private static Object read(Declared declared, String text, Object old) {
    try {
      Object value = Values.read(declared.component(), declared.setting(), text.strip());
      requireRange(declared, value);
      return value;
    } catch (NumberFormatException e) {
      throw new AccreteException(
          "setting "
              + declared.name()
              + ": '"
              + text
              + "' is not a number like "
              + Values.text(old, declared.setting()),
          e);
    } catch (IllegalArgumentException e) {
      throw new AccreteException(
          "setting " + declared.name() + " = '" + text + "': " + e.getMessage(), e);
    }
  }

  /**
   * Checks the range of every setting; for records made by a program.
   *
   * @throws AccreteException naming the first that is out of range
   */
  public void check(S settings) {
    checkAll(settings);
  }

  private void checkAll(Record settings) {
    for (Part part : parts) {
      Object value = get(part.component(), settings);
      switch (part) {
        case Declared d -> {
          try {
            requireRange(d, value);
          } catch (IllegalArgumentException e) {
            throw new AccreteException("setting " + e.getMessage(), e);
          }
        }
        case Inner inner -> inner.schema().checkAll((Record) value);
      }
    }
  }

  private static void requireRange(Declared declared, Object value) {
    if (!Values.allowed(value, declared.setting())) {
      throw new IllegalArgumentException(
          declared.name()
              + " is "
              + Values.text(value, declared.setting())
              + ", must be "
              + Values.range(declared.component(), declared.setting()));
    }
  }

  private static Object get(RecordComponent component, Record settings) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(settings);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(
          settings.getClass().getName() + "." + component.getName() + " cannot be read: " + e, e);
    }
  }

  static String hyphened(String camelCase) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < camelCase.length(); i++) {
      char c = camelCase.charAt(i);
      if (Character.isUpperCase(c)) {
        name.append('-');
      }
      name.append(Character.toLowerCase(c));
    }
    return name.toString();
  }
}
