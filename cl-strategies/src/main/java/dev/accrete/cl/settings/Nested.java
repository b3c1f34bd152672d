package dev.accrete.cl.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Declares a component that is a settings record itself; its settings bear a prefix. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Nested {
  /** What stands before the names, such as {@code first.}; may be empty. */
  String value() default "";
}
