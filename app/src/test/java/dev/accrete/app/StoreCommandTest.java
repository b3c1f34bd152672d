package dev.accrete.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.accrete.production.store.Feedback;
import dev.accrete.production.store.PredictionRecord;
import dev.accrete.production.store.Store;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store on the command line, from its making to what is forgotten. */
class StoreCommandTest {
  @TempDir private Path folder;

  private String shop;

  private record Result(int status, String out, String err) {}

  private static Result run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status = Main.execute(new PrintWriter(out, true), new PrintWriter(err, true), args);
    return new Result(status, out.toString(), err.toString());
  }

  private static String done(String... args) {
    Result result = run(args);
    assertThat(result.err()).doesNotContain("accrete:");
    assertThat(result.status()).isZero();
    return result.out();
  }

  private static String failed(String... args) {
    Result result = run(args);
    assertThat(result.status()).isEqualTo(1);
    return result.out() + result.err();
  }

  /** A folder with some pictures of noise for each class. */
  private Path day(String name, int seed, String... classes) throws IOException {
    Path day = folder.resolve(name);
    for (String each : classes) {
      Path of = Files.createDirectories(day.resolve(each));
      for (int i = 0; i < 8; i++) {
        Random random = new Random(each.hashCode() * 1000L + seed * 100L + i);
        BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_3BYTE_BGR);
        for (int p = 0; p < 256; p++) {
          image.setRGB(p % 16, p / 16, each.hashCode() * 7919 ^ random.nextInt(0x7F7F7F));
        }
        assertThat(ImageIO.write(image, "png", of.resolve(i + ".png").toFile())).isTrue();
      }
    }
    return day;
  }

  @BeforeEach
  void init() {
    shop = folder.resolve("my shop").toString();
    assertThat(
            done(
                "store",
                "init",
                shop,
                "--model",
                "small-cnn",
                "--image-size",
                "16",
                "--strategy",
                "slda"))
        .contains("a store of small-cnn, 16x16 pixels, slda");
  }

  private String update() {
    return done("update", shop, "--backend", "vector", "--threads", "1");
  }

  @Test
  void aStrategyThatTrainsAtChosenDaysIsRefused() {
    String other = folder.resolve("other").toString();
    assertThat(failed("store", "init", other, "--strategy", "joint"))
        .contains("joint trains at chosen days alone", "analytic");
    assertThat(Path.of(other)).doesNotExist();
  }

  @Test
  void fromTheFirstDayToARollback() throws IOException {
    Path monday = day("monday", 1, "cat", "dog");
    assertThat(done("ingest", shop, monday.toString()))
        .contains("day monday:")
        .contains("new classes: cat, dog");
    assertThat(done("ingest", shop, monday.toString())).contains("nothing changed");
    assertThat(update()).contains("version 1").contains("'" + shop + "' 1");
    assertThat(update()).contains("nothing to learn: candidate 1 knows all");
    assertThat(done("promote", shop)).contains("version 1 is in production");
    String onnx = folder.resolve("shop.onnx").toString();
    assertThat(done("export", shop, "--out", onnx)).contains("of 2 classes");
    assertThat(done("predict", "--model", shop, monday.resolve("cat/0.png").toString()))
        .contains("cat ");
    assertThat(failed("promote", shop)).contains("there is no candidate in this store");
    assertThat(failed("promote", shop, "1")).contains("champion already");

    Path tuesday = day("tuesday", 2, "cat", "eel", "fox");
    assertThat(failed("ingest", shop, tuesday.toString(), "--day", "x y"))
        .contains("day x y is REFUSED")
        .contains("16 of 24 images were set aside")
        .contains("--new-classes");
    assertThat(done("ingest", shop, tuesday.toString(), "--new-classes"))
        .contains("new classes: eel, fox");
    update();
    assertThat(failed("promote", shop)).contains("was not evaluated");
    assertThat(failed("promote", shop, "--force")).contains("--reason");
    assertThat(done("promote", shop, "v2", "--force", "--reason", "it is fine"))
        .contains("goes back to version 1");
    assertThat(done("rollback", shop, "--reason", "it was not"))
        .contains("version 1 is in production again instead of version 2");
    assertThat(done("history", shop)).contains("promote (forced)").contains("it was not");
    assertThat(done("store", "show", shop))
        .contains("champion 1, candidate none, previous none")
        .contains("(1 learned, 1 refused, 1 rolled back)")
        .contains("tuesday  rolled back")
        .doesNotContain("blocked");
    assertThat(update())
        .contains("left out: tuesday (rolled back); accrete update --with-blocked learns it again");
    assertThat(failed("rollback", shop, "--to", "7")).contains("there is no version 7");
    assertThat(done("store", "check", shop)).contains("all is as it should be");
  }

  @Test
  void daysThatAreNotShownAreCounted() throws IOException {
    for (int i = 1; i <= 12; i++) {
      done("ingest", shop, day("day-" + i, i, "cat").toString(), "--new-classes");
    }
    assertThat(done("store", "show", shop))
        .contains("12 days", "  and 2 earlier: --all", "day-12")
        .doesNotContain("day-1 ");
    assertThat(done("store", "show", shop, "--all")).contains("day-1 ").doesNotContain("earlier");
  }

  private void correct(int number, String label) throws IOException {
    Path image = day("asked", 7, "dog").resolve("dog/" + number + ".png");
    String id = "answer-" + number;
    try (Store store = Store.open(Path.of(shop))) {
      String kept = store.keepImages(List.of(Files.readAllBytes(image))).getFirst();
      store.recordPrediction(
          new PredictionRecord(id, Instant.now(), 1, Optional.of(kept), "cat", 0.9, "{}"));
      store.recordFeedback(new Feedback(id, label, Instant.now(), "test"));
    }
  }

  @Test
  void whatWasCorrectedComesIn() throws IOException {
    done("ingest", shop, day("monday", 1, "cat", "dog").toString());
    update();
    done("promote", shop, "1");
    assertThat(done("ingest", shop, "--feedback")).contains("no label waits");
    assertThat(run("ingest", shop).err()).contains("name either a SOURCE or --feedback");
    assertThat(run("ingest", shop, "--feedback", "--day", "x").err()).contains("--day");
    correct(0, "dog");
    correct(1, "lorry");
    assertThat(done("store", "show", shop))
        .contains("2 labels for answers in no day yet (accrete ingest --feedback)");
    assertThat(done("ingest", shop, "--feedback"))
        .contains("day feedback-")
        .contains("set aside: 1 of a class that is not declared, such as answer-1");
    assertThat(done("store", "show", shop)).doesNotContain("in no day yet");

    correct(2, "dog");
    correct(3, "dog");
    Path inbox = Files.createDirectories(folder.resolve("inbox"));
    Result daily = run("daily", shop, inbox.toString(), "--backend", "vector", "--threads", "1");
    assertThat(daily.out()).contains("feedback-").contains("version 2");
    assertThat(run("daily", shop, inbox.toString()).out()).isEmpty();
    correct(4, "dog");
    Files.writeString(Path.of(shop, "policy.yaml"), "serve: {feedback-days: false}\n");
    assertThat(run("daily", shop, inbox.toString()).out()).isEmpty();
  }

  @Test
  void whatIsForgottenLeavesACertificate() throws IOException {
    done("ingest", shop, day("monday", 1, "cat", "dog", "eel").toString());
    update();
    done("promote", shop, "1");
    assertThat(done("forget", shop, "--class", "eel", "--reason", "sold", "--backend", "vector"))
        .contains("8 images forgotten; removed: version 1")
        .contains("version 2")
        .contains("\"value\" : \"eel\"");
    assertThat(done("store", "show", shop, "--certificates")).contains("\"reason\" : \"sold\"");
    assertThat(done("store", "show", shop))
        .contains("1 certificate of what was forgotten", "2 classes (images to learn +")
        .contains("images of 0 subjects")
        .containsPattern("  cat  +\\d \\+ \\d\\R  dog  +\\d \\+ \\d\\R1 day")
        .doesNotContain("eel", "forgotten-");
    assertThat(done("forget", shop, "--certificates"))
        .containsPattern("1 +20\\d\\d-.*class eel +8 +sold");
    assertThat(done("forget", shop, "--certificate", "1")).contains("\"value\" : \"eel\"");
    assertThat(failed("forget", shop, "--certificate", "7"))
        .contains("there is no certificate 7: the latest is 1");
    assertThat(run("forget", shop, "--reason", "x").status()).isEqualTo(2);
    assertThat(run("forget", shop, "--class", "cat").err()).contains("--reason");
    assertThat(failed("forget", shop, "--subject", "Bob", "--reason", "x"))
        .contains("no image of subject 'Bob'");
    assertThat(done("store", "check", shop)).contains("all is as it should be");
  }

  @Test
  void damageIsAnExitStatus() throws IOException {
    done("ingest", shop, day("monday", 1, "cat", "dog").toString());
    Path stray = Files.writeString(folder.resolve("my shop/pixels/stray"), "x");
    assertThat(failed("store", "check", shop)).contains("left over: pixels/stray");
    assertThat(done("store", "gc", shop)).contains("removed pixels/stray");
    assertThat(stray).doesNotExist();
    Files.delete(folder.resolve("my shop/pixels/000001.safetensors"));
    assertThat(failed("store", "check", shop)).contains("wrong: pixels/000001.safetensors");
  }

  @Test
  void wrongUsageIsSaidAtOnce() throws IOException {
    assertThat(failed("store", "init", shop)).contains("is a store already");
    String other = folder.resolve("other").toString();
    assertThat(run("store", "init", other, "--strategy", "magic").status()).isEqualTo(2);
    assertThat(run("store", "init", other, "--set", "magic=1").err()).contains("magic");
    assertThat(run("store", "init", other, "--policy", "none.yaml").err())
        .contains("--policy: there is no file none.yaml");
    assertThat(folder.resolve("other")).doesNotExist();
    assertThat(failed("ingest", other, shop)).contains("is no store");
    assertThat(failed("ingest", shop, folder.resolve("nothing").toString()))
        .contains("there is no");
    Path policy = Files.writeString(folder.resolve("mine.yaml"), "# mine\n");
    assertThat(done("store", "init", other, "--policy", policy.toString()))
        .contains("mobilenet-v1:0.5");
    assertThat(folder.resolve("other/policy.yaml")).hasContent("# mine\n");
  }

  /** What clients made over HTTP lies beside the store, and shows people too. */
  @Test
  void aSubjectIsForgottenInClassifiersToo() throws IOException {
    String[] places = {shop, folder.resolve("my shop.classifiers/pets_1").toString()};
    done(
        "store",
        "init",
        places[1],
        "--model",
        "small-cnn",
        "--image-size",
        "16",
        "--strategy",
        "slda");
    for (String place : places) {
      Path monday = day("monday", 1, "cat", "dog");
      StringBuilder table = new StringBuilder("path,label,subject\n");
      for (String label : new String[] {"cat", "dog"}) {
        for (int i = 0; i < 8; i++) {
          String subject = i < 2 ? "Bob" : "Ann";
          table.append("monday/" + label + "/" + i + ".png," + label + "," + subject + "\n");
        }
      }
      done("ingest", place, Files.writeString(monday.resolveSibling("m.csv"), table).toString());
    }
    assertThat(done("forget", shop, "--subject", "Bob", "--reason", "asked", "--backend", "vector"))
        .contains("classifier pets_1")
        .containsSubsequence("4 images forgotten", "4 images forgotten");
    for (String place : places) {
      assertThat(done("store", "show", place, "--certificates")).contains("Bob");
    }
    assertThat(failed("forget", shop, "--subject", "Bob", "--reason", "x"))
        .contains("no image of subject 'Bob'");
    // Only there.
    done("forget", shop, "--subject", "Ann", "--reason", "asked", "--backend", "vector");
    assertThat(done("store", "show", places[1])).contains("0 images to learn");
  }

  @Test
  void whatNeedsNoPolicyGoesOnWithABrokenOne() throws IOException {
    done("ingest", shop, day("monday", 1, "cat", "dog").toString());
    update();
    done("promote", shop, "1");
    done("ingest", shop, day("tuesday", 2, "cat", "dog").toString());
    update();
    done("promote", shop, "2", "--force", "--reason", "x");
    Files.writeString(folder.resolve("my shop/policy.yaml"), "ingst: {}\n");
    assertThat(failed("update", shop)).contains("ingst");
    assertThat(done("store", "show", shop)).contains("champion 2");
    assertThat(done("store", "check", shop)).contains("all is as it should be");
    assertThat(done("rollback", shop, "--reason", "worse")).contains("version 1");
    assertThat(done("history", shop)).contains("worse");
  }

  @Test
  void onlyWhatIsThereIsCounted() throws IOException {
    done("ingest", shop, day("monday", 1, "cat", "eel").toString());
    update();
    done("promote", shop, "1");
    done("forget", shop, "--class", "eel", "--reason", "sold", "--backend", "vector");
    assertThat(done("store", "show", shop))
        .contains("1 class (")
        .contains("  1 class ")
        .doesNotContain("forgotten class");
  }
}
