package dev.accrete.production.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.accrete.cl.data.ProgressListener;
import dev.accrete.production.serve.live.Classifier;
import dev.accrete.production.serve.workshop.StoreWorkshop;
import dev.accrete.production.store.Evaluation;
import dev.accrete.production.store.ForgetRequest;
import dev.accrete.production.store.Store;
import dev.accrete.production.store.TestImages;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.TimeoutException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The server's page as a person has it, in a real browser without a window. */
class PageInBrowserTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int PHONE = 390;

  @TempDir private Path folder;
  private TestServer server;
  private Store other;
  private ChromeDriver browser;

  private static Optional<Path> program(String... names) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .flatMap(place -> Arrays.stream(names).map(name -> Path.of(place, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  @BeforeEach
  void start() {
    Optional<Path> chromium = program("chromium", "chromium-browser", "google-chrome");
    Optional<Path> driver = program("chromedriver");
    assumeTrue(
        chromium.isPresent() && driver.isPresent(),
        "no chromium and chromedriver on the PATH: apt-get install chromium chromium-driver");
    server = new TestServer(folder.resolve("unused"));
    Store store = Store.init(folder.resolve("shop"), TestImages.config("slda"));
    server.start(
        TestServer.options(),
        new StoreWorkshop(store, server.backend(), Duration.ofDays(30), Clock.systemUTC()),
        Classifier.factory(server.backend()));
    other = Store.open(folder.resolve("shop"));
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium.orElseThrow().toFile());
    options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage");
    options.addArguments("--window-size=1200,1000");
    browser =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(driver.orElseThrow().toFile())
                .build(),
            options);
  }

  @AfterEach
  void stop() {
    if (browser != null) {
      browser.quit();
    }
    if (server != null) {
      server.close();
      other.close();
    }
  }

  private WebElement find(String selector) {
    return browser.findElement(By.cssSelector(selector));
  }

  /** Waits for a text: what the page shows comes from the server a moment later. */
  private void await(String selector, String text) {
    try {
      new WebDriverWait(browser, PATIENCE)
          .ignoring(StaleElementReferenceException.class)
          .until(
              driver ->
                  driver.findElements(By.cssSelector(selector)).stream()
                      .anyMatch(found -> found.getText().contains(text)));
    } catch (TimeoutException e) {
      throw new AssertionError(
          "no '" + text + "' in " + selector + ", but: " + find("body").getText(), e);
    }
  }

  private List<Path> pictures(String label, int from, int to) throws IOException {
    List<Path> files = new ArrayList<>();
    for (int i = from; i < to; i++) {
      Path file = folder.resolve(label + i + ".png");
      files.add(Files.write(file, TestImages.png(label, i)));
    }
    return files;
  }

  private void choose(String input, List<Path> files) {
    find(input).sendKeys(String.join("\n", files.stream().map(Path::toString).toList()));
  }

  private @Nullable Object script(String text, Object... arguments) {
    return browser.executeScript(text, arguments);
  }

  /** What a browser does when a file is let go over the page. */
  private void drop(String area, Path file) {
    script(
        """
                    const input = document.createElement('input');
                    input.type = 'file';
                    input.addEventListener('change', () => {
                      const data = new DataTransfer();
                      data.items.add(input.files[0]);
                      for (const kind of ['dragenter', 'dragover', 'drop']) {
                        document.querySelector(arguments[0]).dispatchEvent(
                          new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
                      }
                      input.remove();
                    });
                    document.body.append(input);
                    input.id = 'dropped';
                    """,
        area);
    find("#dropped").sendKeys(file.toString());
  }

  private void teach(String label, int from, int to, int version) throws IOException {
    WebElement name = find("#teach-name");
    name.clear();
    name.sendKeys(label);
    choose("#teach-files", pictures(label, from, to));
    await("#teach-note", (to - from) + " files");
    find("#teach").click();
    await("#teach-note", (to - from) + " images learned; version " + version + " answers");
    assertThat(find("#teach").isEnabled()).isFalse();
  }

  private void judged(int version, int champion, double accuracy) {
    judged(version, champion, true, accuracy);
  }

  private void judged(int version, int champion, boolean blessed, double accuracy) {
    other.recordEvaluation(
        new Evaluation(
            0,
            version,
            OptionalInt.of(champion),
            Instant.now(),
            blessed,
            "[]",
            "{\"slices\": [{\"metrics\": {\"accuracy\": {\"value\": " + accuracy + "}}}]}"));
  }

  @Test
  void aClassIsTaughtAskedForCorrectedAndRolledBack() throws IOException {
    browser.get(server.uri("/").toString());
    await("#state", "knows nothing yet: teach it a class");
    assertThat(find("#rollback").isEnabled()).isFalse();
    teach("cat", 0, 12, 1);
    teach("dog", 0, 12, 2);
    await("#state", "version 2 answers");

    drop("#ask-drop", pictures("dog", 50, 51).getFirst());
    await("#ask-note", "answered by version 2");
    assertThat(find(".answer .title").getText()).isEqualTo("dog50.png");
    assertThat(find(".answer .bars .name").getText()).isEqualTo("dog");
    find(".answer input").sendKeys("wolf");
    find(".answer .correct").click();
    await(".answer .error", "kept, but the model has no class wolf");
    find(".answer input").clear();
    find(".answer input").sendKeys("cat");
    find(".answer .correct").click();
    await(".answer .done", "corrected: cat");
    String answered = other.unconfirmedSince(Instant.EPOCH, 10).toString();
    assertThat(answered).as("answers that nobody corrected").isEqualTo("[]");

    choose("#ask-files", pictures("cat", 50, 52));
    await(".answer", "cat51.png");
    assertThat(browser.findElements(By.cssSelector(".answer"))).hasSize(3);
    find(".answer .agree").click();
    await(".answer", "confirmed");

    judged(1, 2, 0.5);
    judged(2, 1, 0.875);
    await("#versions tr:first-child", "87.5%");
    assertThat(find("#versions tr:first-child").getText())
        .contains("2", "champion", "teach: taught-", "blessed");
    await("#curve svg", "100%");
    assertThat(browser.findElements(By.cssSelector("#curve circle"))).hasSize(2);
    assertThat(find("#ledger").getText()).contains("promote by force: taught dog");

    find("#rollback").click();
    assertThat(find("#move-title").getText()).isEqualTo("Roll back to version 1");
    assertThat(find("#move-text").getText())
        .isEqualTo("Version 1 answers from then on, version 2 no more.");
    assertThat(find("#move-force-row").isDisplayed()).isFalse();
    find("#move-reason").sendKeys("too many dogs");
    find("#move-dialog button.first").click();
    await("#operate-note", "version 1 answers");
    await("#ledger", "rollback: too many dogs");
    assertThat(other.aliases().champion()).hasValue(1);
    assertThat(browser.manage().logs().get(LogType.BROWSER).getAll())
        .filteredOn(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
        .isEmpty();
  }

  @Test
  void whatCannotBePromotedHasNoButtonAndIsMarked() throws IOException {
    browser.get(server.uri("/").toString());
    assertThat(find("section p.quiet:not([id])").getText()).contains("the gate is not asked");
    teach("cat", 0, 12, 1);
    teach("dog", 0, 12, 2);
    judged(1, 2, 0.5);
    judged(2, 1, false, 0.4);
    await("#versions tr:first-child", "blocked");
    assertThat(browser.findElements(By.cssSelector("#versions button"))).hasSize(1);
    other.forget(
        new ForgetRequest(ForgetRequest.What.CLASS, "cat", "test", "no more"),
        server.backend(),
        plan -> {},
        ProgressListener.NONE);
    await("#versions tr:last-child", "model removed");
    assertThat(browser.findElements(By.cssSelector("#versions button"))).isEmpty();
    assertThat(find("#curve circle[fill='var(--card)'] title").getAttribute("textContent"))
        .contains("model removed");
  }

  @Test
  void whatTheServerRefusesIsSaidOnThePage() throws IOException {
    browser.get(server.uri("/").toString());
    choose("#ask-files", pictures("cat", 0, 1));
    await("#ask-note.error", "has no version that answers yet");
    teach("cat", 0, 12, 1);
    find("#teach-name").clear();
    find("#teach-name").sendKeys("cat");
    choose("#teach-files", pictures("cat", 0, 12));
    find("#teach").click();
    await("#teach-note.error", "the lesson is refused");
    Path text = Files.writeString(folder.resolve("text.png"), "no picture");
    choose("#ask-files", List.of(text));
    await("#ask-note.error", "cannot decode image 'text.png'");
    choose("#ask-files", List.of(text, pictures("cat", 20, 21).getFirst()));
    await(".answer .error", "text.png");
    await(".answer .bars", "cat");
  }

  @Test
  void nothingIsWiderThanAPhone() throws IOException {
    browser.get(server.uri("/").toString());
    teach("a-class-with-a-name-that-is-longer-than-most-and-has-no-space", 0, 12, 1);
    choose("#ask-files", pictures("a-rather-long-name-of-a-file-without-any-space-in-it", 0, 1));
    await(".answer", "a-rather-long");
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", PHONE, "height", 800, "deviceScaleFactor", 2, "mobile", true));
    assertThat(script("return document.documentElement.scrollWidth <= innerWidth"))
        .as("nothing is cut off at a width of %d pixels", PHONE)
        .isEqualTo(true);
  }
}
