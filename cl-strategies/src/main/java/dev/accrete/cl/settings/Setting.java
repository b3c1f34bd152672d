package dev.accrete.cl.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a component of a settings record: what it means and what it may be. Its name is the
 * component's in lower case with hyphens ({@code miniBatch}: mini-batch), its default what the
 * record's owner starts from. Types: int, long, float, double, boolean, String, an enum, {@code
 * List<Integer>}, and any public type with a public static method {@code parse(String)} that gives
 * it, throws {@code IllegalArgumentException} for other texts, and reads what {@code toString}
 * writes.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
  /** What it does, in a few words. */
  String value();

  /** The least number allowed. */
  double min() default Double.NEGATIVE_INFINITY;

  /** The number it must be above. */
  double above() default Double.NEGATIVE_INFINITY;

  /** The greatest number allowed. */
  double max() default Double.POSITIVE_INFINITY;

  /** The number it must be below. */
  double below() default Double.POSITIVE_INFINITY;

  /** The word for the greatest int (a limit that is none), or for an empty list. */
  String unset() default "";

  /** Constants of the enum that are not allowed here, in lower case with hyphens. */
  String[] except() default {};

  /** What it may be, in words, for a type that reads its own texts. */
  String form() default "";

  /** The name, where it should not be the component's. */
  String name() default "";
}
