package dev.accrete.cl.run;

import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Jars and folders of classes from outside, whose providers of strategies, data, scenarios and
 * models are found as this library's own are.
 */
public final class Plugins {
  private static final Set<Path> LOADED = new LinkedHashSet<>();

  private Plugins() {}

  /**
   * Makes the classes of some plug-ins visible to this thread and those it starts, for as long as
   * the process lives; what is visible already is left as it is.
   *
   * @param paths jars, folders of jars, or folders of classes
   * @throws AccreteException if one does not exist or holds neither jars nor services
   */
  public static synchronized void use(List<Path> paths) {
    List<URL> urls = new ArrayList<>();
    for (Path path : paths) {
      Path absolute = path.toAbsolutePath().normalize();
      if (!LOADED.contains(absolute)) {
        urls.addAll(urls(absolute));
        LOADED.add(absolute);
      }
    }
    if (!urls.isEmpty()) {
      Thread thread = Thread.currentThread();
      thread.setContextClassLoader(
          new URLClassLoader(urls.toArray(URL[]::new), thread.getContextClassLoader()));
    }
  }

  private static List<URL> urls(Path path) {
    try {
      if (!Files.exists(path)) {
        throw new AccreteException(
            "there is no plug-in "
                + path
                + ": name a jar, a folder of jars, or a folder of compiled classes");
      }
      if (!Files.isDirectory(path)) {
        if (!path.toString().endsWith(".jar")) {
          throw new AccreteException("the plug-in " + path + " is no jar: name one, or a folder");
        }
        return List.of(path.toUri().toURL());
      }
      List<URL> urls = new ArrayList<>();
      if (Files.isDirectory(path.resolve("META-INF/services"))) {
        urls.add(path.toUri().toURL());
      }
      try (Stream<Path> files = Files.list(path)) {
        for (Path jar : files.filter(f -> f.toString().endsWith(".jar")).sorted().toList()) {
          urls.add(jar.toUri().toURL());
        }
      }
      if (urls.isEmpty()) {
        throw new AccreteException(
            "the plug-in folder "
                + path
                + " holds no jar and no META-INF/services: build the plug-in first");
      }
      return urls;
    } catch (MalformedURLException e) {
      throw new AccreteException("the plug-in " + path + " cannot be named: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new AccreteException("the plug-in " + path + " cannot be read: " + e, e);
    }
  }
}
