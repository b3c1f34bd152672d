package dev.accrete.app;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version of this build, as Maven wrote it into the jar. */
final class Version implements IVersionProvider {
  private static final String POM =
      "/META-INF/maven/dev.accrete/accrete-app/pom.properties";

  @Override
  public String[] getVersion() throws IOException {
    return new String[] {"accrete " + text(), "JDK " + Runtime.version()};
  }

  static String text() throws IOException {
    try (InputStream in = Version.class.getResourceAsStream(POM)) {
      if (in == null) {
        return "(development build)";
      }
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version", "(unknown version)");
    }
  }
}
