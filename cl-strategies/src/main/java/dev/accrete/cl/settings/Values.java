package dev.accrete.cl.settings;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Values of settings and their texts. */
final class Values {
  private static final Set<Class<?>> KNOWN =
      Set.of(int.class, long.class, float.class, double.class, boolean.class, String.class);

  private Values() {}

  /** Whether there are texts for values of this type. */
  static boolean isKnown(RecordComponent component) {
    Class<?> type = component.getType();
    return KNOWN.contains(type)
        || type.isEnum()
        || component.getGenericType().getTypeName().equals("java.util.List<java.lang.Integer>")
        || parser(type).isPresent();
  }

  static Object read(RecordComponent component, Setting setting, String text) {
    Class<?> type = component.getType();
    boolean unset = !setting.unset().isEmpty() && text.equals(setting.unset());
    if (type == int.class) {
      return unset ? Integer.MAX_VALUE : Integer.parseInt(text);
    } else if (type == long.class) {
      return Long.parseLong(text);
    } else if (type == float.class) {
      return Float.parseFloat(text);
    } else if (type == double.class) {
      return Double.parseDouble(text);
    } else if (type == boolean.class) {
      return truth(text);
    } else if (type == String.class) {
      return text;
    } else if (type.isEnum()) {
      return constant(type, setting, text);
    } else if (type == List.class) {
      return unset ? List.of() : integers(text);
    }
    Method parse =
        parser(type)
            .orElseThrow(
                () -> new IllegalArgumentException("a setting cannot be a " + type.getName()));
    try {
      return parse.invoke(null, text);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(
          String.valueOf(Optional.ofNullable(e.getCause()).orElse(e).getMessage())
              + "; use "
              + setting.form(),
          e);
    } catch (IllegalAccessException e) {
      throw new IllegalArgumentException(type.getName() + " cannot be read: " + e, e);
    }
  }

  /** What reads the texts of a type that does so itself. */
  private static Optional<Method> parser(Class<?> type) {
    return Arrays.stream(type.getMethods())
        .filter(m -> m.getName().equals("parse") && Modifier.isStatic(m.getModifiers()))
        .filter(m -> Arrays.equals(m.getParameterTypes(), new Class<?>[] {String.class}))
        .filter(m -> type.isAssignableFrom(m.getReturnType()))
        .findFirst();
  }

  private static boolean truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("use true or false");
    };
  }

  private static Object constant(Class<?> type, Setting setting, String text) {
    for (Object constant : type.getEnumConstants()) {
      if (spelled(constant).equals(text.toLowerCase(Locale.ROOT))) {
        return constant;
      }
    }
    throw new IllegalArgumentException("use one of " + constants(type, setting));
  }

  private static String constants(Class<?> type, Setting setting) {
    return Arrays.stream(type.getEnumConstants())
        .map(Values::spelled)
        .filter(name -> !Arrays.asList(setting.except()).contains(name))
        .collect(Collectors.joining(", "));
  }

  private static List<Integer> integers(String text) {
    List<Integer> numbers = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      numbers.add(Integer.parseInt(part.strip()));
    }
    return List.copyOf(numbers);
  }

  static String text(Object value, Setting setting) {
    if (value instanceof Integer i && i == Integer.MAX_VALUE && !setting.unset().isEmpty()) {
      return setting.unset();
    }
    if (value instanceof List<?> list) {
      return list.isEmpty()
          ? setting.unset()
          : list.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
    return value instanceof Enum<?> ? spelled(value) : value.toString();
  }

  private static String spelled(Object constant) {
    return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Neither NaN nor an infinity passes. */
  static boolean allowed(Object value, Setting setting) {
    return switch (value) {
      case Number number -> allowed(number.doubleValue(), setting);
      case List<?> list ->
          list.stream().allMatch(n -> allowed(((Number) n).doubleValue(), setting));
      case String text -> !text.isBlank();
      case Enum<?> constant -> !Arrays.asList(setting.except()).contains(spelled(constant));
      default -> true;
    };
  }

  private static boolean allowed(double number, Setting setting) {
    return Double.isFinite(number)
        && number >= setting.min()
        && (number > setting.above() || setting.above() == Double.NEGATIVE_INFINITY)
        && number <= setting.max()
        && (number < setting.below() || setting.below() == Double.POSITIVE_INFINITY);
  }

  /** What a setting may be, in words. */
  static String range(RecordComponent component, Setting setting) {
    Class<?> type = component.getType();
    if (type.isEnum()) {
      return "one of " + constants(type, setting);
    } else if (type == boolean.class) {
      return "true or false";
    } else if (type == String.class) {
      return "a name";
    } else if (parser(type).isPresent()) {
      return setting.form();
    }
    List<String> bounds = new ArrayList<>();
    if (setting.min() != Double.NEGATIVE_INFINITY) {
      bounds.add("at least " + number(setting.min()));
    }
    if (setting.above() != Double.NEGATIVE_INFINITY) {
      bounds.add("above " + number(setting.above()));
    }
    if (setting.max() != Double.POSITIVE_INFINITY) {
      bounds.add("at most " + number(setting.max()));
    }
    if (setting.below() != Double.POSITIVE_INFINITY) {
      bounds.add("below " + number(setting.below()));
    }
    String numbers = type == List.class ? "numbers with commas between them, each " : "";
    String range = numbers + (bounds.isEmpty() ? "a number" : String.join(" and ", bounds));
    return setting.unset().isEmpty() ? range : range + ", or " + setting.unset();
  }

  private static String number(double bound) {
    return bound == Math.rint(bound) && Math.abs(bound) < 1e9
        ? Long.toString((long) bound)
        : Double.toString(bound);
  }
}
