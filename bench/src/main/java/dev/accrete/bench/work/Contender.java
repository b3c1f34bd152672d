package dev.accrete.bench.work;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An engine as a process to start: our own or a peer.
 *
 * @param launcher the program to start and its options
 * @param work what it runs; three arguments follow, those of {@link Worker#run}
 * @param environment what it needs beside the environment of this JVM
 */
public record Contender(List<String> launcher, List<String> work, Map<String, String> environment)
    implements Measurer {
  public Contender {
    launcher = List.copyOf(launcher);
    work = List.copyOf(work);
    environment = Map.copyOf(environment);
  }

  /** A class with a main method under this JVM, with the options of this JVM. */
  public static Contender java(String mainClass, String classPath) {
    List<String> launcher = new ArrayList<>();
    launcher.add(
        Path.of(System.getProperty("java.home")).resolve("bin").resolve("java").toString());
    launcher.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    return new Contender(launcher, List.of("-cp", classPath, mainClass), Map.of());
  }

  /** This with one more option for the launcher. */
  public Contender withOption(String option) {
    List<String> options = new ArrayList<>(launcher);
    options.add(option);
    return new Contender(options, work, environment);
  }

  /** This with more environment. */
  public Contender withEnvironment(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(more);
    return new Contender(launcher, work, all);
  }

  @Override
  public Session start(Task task) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(Pinning.prefix(task.workload().threads()));
    command.addAll(launcher);
    command.addAll(work);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    return WorkerSession.start(builder, work.getLast(), task);
  }
}
