package dev.accrete.cl.learner;

import dev.accrete.cl.data.ForwardingImageSet;
import dev.accrete.cl.data.ImageSet;
import dev.accrete.core.AccreteException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Names of classes with their ids, which never change once they are given. */
final class ClassNames {
  private final Map<String, Integer> ids = new LinkedHashMap<>();

  ClassNames(List<String> names) {
    names.forEach(name -> ids.put(normal(name), ids.size()));
  }

  /** Throws unless every name can be told from the others and from nothing. */
  static void check(List<String> names) {
    Set<String> known = new HashSet<>();
    for (String name : names) {
      if (name.isBlank()) {
        throw new AccreteException("a class has a blank name: give every class one");
      }
      if (!known.add(name)) {
        throw new AccreteException("two classes are named '" + name + "': give each its own");
      }
    }
  }

  /**
   * The same with another name for one of them.
   *
   * @throws AccreteException if none has the first name, or one has the other
   */
  ClassNames renamed(String from, String to) {
    List<String> names = new ArrayList<>(ids.keySet());
    int id = names.indexOf(normal(from));
    if (id < 0) {
      throw new AccreteException(
          "no class is named '" + from + "'; known are " + String.join(", ", names));
    }
    names.set(id, normal(to));
    check(names);
    return new ClassNames(names);
  }

  /** One form of letters with marks, however a file system spells them. */
  private static String normal(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC);
  }

  List<String> names() {
    return List.copyOf(ids.keySet());
  }

  /**
   * The images with our ids for labels; names that are new get the next ids, in the order in which
   * the set lists them. Names without an image are left out.
   */
  ImageSet labelled(ImageSet images) {
    List<String> given = images.classNames().stream().map(ClassNames::normal).toList();
    check(given);
    Set<Integer> present = new HashSet<>();
    for (int i = 0; i < images.size(); i++) {
      int label = images.label(i);
      if (label < 0 || label >= images.classNames().size()) {
        throw new AccreteException(
            "image "
                + images.describe(i)
                + " has label "
                + label
                + ", but "
                + images.name()
                + " names "
                + images.classNames().size()
                + " classes; correct the label");
      }
      present.add(label);
    }
    List<Integer> idOf = new ArrayList<>();
    for (int label = 0; label < given.size(); label++) {
      String name = given.get(label);
      if (present.contains(label)) {
        ids.putIfAbsent(name, ids.size());
      }
      idOf.add(ids.getOrDefault(name, -1));
    }
    return new Relabelled(images, List.copyOf(idOf), names());
  }

  /**
   * The images with our ids for labels, of classes that have names already.
   *
   * @throws AccreteException naming the classes that have none
   */
  ImageSet known(ImageSet images) {
    ClassNames grown = new ClassNames(names());
    ImageSet labelled = grown.labelled(images);
    List<String> fresh = grown.names().subList(ids.size(), grown.ids.size());
    if (!fresh.isEmpty()) {
      throw new AccreteException(
          images.name()
              + " has images of classes that were never learned: "
              + String.join(", ", fresh)
              + "; known are "
              + String.join(", ", names()));
    }
    return labelled;
  }

  /** Takes names in that are new; the ids of all of them. */
  int[] adopt(List<String> others) {
    return others.stream()
        .map(ClassNames::normal)
        .mapToInt(
            name -> {
              ids.putIfAbsent(name, ids.size());
              return ids.get(name);
            })
        .toArray();
  }

  /** Another set with other labels. */
  private static final class Relabelled extends ForwardingImageSet {
    private final List<Integer> idOf;
    private final List<String> classNames;

    Relabelled(ImageSet source, List<Integer> idOf, List<String> classNames) {
      super(source);
      this.idOf = idOf;
      this.classNames = classNames;
    }

    @Override
    public List<String> classNames() {
      return classNames;
    }

    @Override
    public int label(int index) {
      return idOf.get(super.label(index));
    }

    @Override
    public String fingerprint() {
      return source().fingerprint() + "-" + idOf.hashCode();
    }
  }
}
