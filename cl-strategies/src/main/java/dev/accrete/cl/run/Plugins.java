package dev.accrete.cl.run;

import dev.accrete.core.AccreteException;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipException;

/**
 * Jars and folders of classes from outside, whose providers of strategies, data, scenarios and
 * models are found as this library's own are.
 */
public final class Plugins {
  private static final Map<List<Path>, ClassLoader> LOADERS = new HashMap<>();

  private Plugins() {}

  /**
   * Makes the classes of some plug-ins, and no others, visible to this thread and those it starts.
   *
   * @param paths jars, folders of jars, or folders of classes
   * @throws AccreteException if one does not exist or offers nothing to this library
   */
  public static synchronized void use(List<Path> paths) {
    List<Path> absolute =
        paths.stream().map(path -> path.toAbsolutePath().normalize()).distinct().toList();
    if (absolute.isEmpty()) {
      return;
    }
    ClassLoader loader = LOADERS.get(absolute);
    if (loader == null) {
      List<URL> urls = new ArrayList<>();
      absolute.forEach(path -> urls.addAll(urls(path)));
      loader = new URLClassLoader(urls.toArray(URL[]::new), Plugins.class.getClassLoader());
      LOADERS.put(absolute, loader);
    }
    Thread.currentThread().setContextClassLoader(loader);
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
        requireServices(path);
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

  private static void requireServices(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      if (file.stream().noneMatch(e -> e.getName().startsWith("META-INF/services/dev.accrete."))) {
        throw new AccreteException(
            "the plug-in "
                + jar
                + " offers nothing: it has no META-INF/services/dev.accrete... that names a"
                + " provider");
      }
    } catch (ZipException e) {
      throw new AccreteException(
          "the plug-in " + jar + " is no sound jar: " + e.getMessage() + "; build it again", e);
    }
  }
}
