/** Prints the options that Spark wants for its JVM; run from source by {@code spark/run}. */
final class Options {
  public static void main(String[] arguments) {
    System.out.println(org.apache.spark.launcher.JavaModuleOptions.defaultModuleOptions());
  }
}
