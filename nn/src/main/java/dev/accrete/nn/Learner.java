package dev.accrete.nn;

import dev.accrete.core.AccreteException;
import dev.accrete.core.Backend;
import dev.accrete.core.DType;
import dev.accrete.core.Graph;
import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Plan;
import dev.accrete.core.Shape;
import dev.accrete.core.Store;
import dev.accrete.core.Variable;
import dev.accrete.core.op.ConsolidateHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One network's state on one backend, and the operations of continual learning on it. The state
 * starts at zero: write weights and moments first. Not thread-safe.
 */
public final class Learner implements AutoCloseable {
  private final Backend backend;
  private final Network network;
  private final Preprocessing preprocessing;
  private final Variables variables;
  private final Store store;
  private final List<Plan> plans = new ArrayList<>();
  private final List<LatentBank> banks = new ArrayList<>();
  private final StateOperations operations;

  /**
   * Allocates the state.
   *
   * @throws IllegalArgumentException if preprocessing and network differ in channels
   * @throws AccreteException if there is not enough memory
   */
  public Learner(Backend backend, Network network, Preprocessing preprocessing) {
    this(backend, network, preprocessing, Optional.empty());
  }

  /**
   * Allocates the state.
   *
   * @param sparse which weights have importance; empty for all of them
   * @throws IllegalArgumentException likewise, or if no weight may have importance
   * @throws AccreteException if there is not enough memory
   */
  public Learner(
      Backend backend,
      Network network,
      Preprocessing preprocessing,
      Optional<SparseImportance> sparse) {
    if (preprocessing.channels() != network.channels()) {
      throw new IllegalArgumentException(
          network.name()
              + " reads images of "
              + network.channels()
              + " channels, preprocessing is for "
              + preprocessing.channels());
    }
    this.backend = backend;
    this.network = network;
    this.preprocessing = preprocessing;
    this.variables = new Variables(network, sparse);
    this.store = backend.allocate(variables.all());
    this.operations = new StateOperations(this, sparse);
  }

  /** The architecture. */
  public Network network() {
    return network;
  }

  /** What executes. */
  public Backend backend() {
    return backend;
  }

  /** How image bytes become floats. */
  public Preprocessing preprocessing() {
    return preprocessing;
  }

  /** Where the state lives. */
  public Store store() {
    return store;
  }

  /** The names of the state. */
  public Variables variables() {
    return variables;
  }

  /** Writes weights and moments, and zeroes everything else; no weight has importance then. */
  public void initialize(float[] weights, float[] moments) {
    for (Variable variable : variables.all()) {
      int size = variable.type().shape().size();
      if (variable.type().dtype() == DType.I32) {
        store.write(variable, new int[size]);
      } else {
        store.write(variable, new float[size]);
      }
    }
    store.write(variables.weights(), weights);
    store.write(variables.moments(), moments);
    operations.chooseOnce();
  }

  /** A copy of one variable, in canonical order. */
  public float[] snapshot(Variable variable) {
    return store.read(variable);
  }

  /** Replaces one variable; {@code values} must have its size. */
  public void restore(Variable variable, float[] values) {
    store.write(variable, values);
  }

  /** Compiles a step that trains the network. */
  public TrainingStep compileTraining(TrainingSpec spec) {
    return new TrainingStep(this, spec);
  }

  /**
   * Allocates cells for latents, filled with zeros, where the backend computes.
   *
   * @param name tells this bank from others that are used together with it
   * @throws AccreteException if they are more than one array can hold, or there is not enough
   *     memory
   */
  public LatentBank allocateLatents(
      String name, Shape latent, int cells, LatentBank.Storage storage) {
    LatentBank bank = new LatentBank(this, name, latent, cells, storage);
    banks.add(bank);
    return bank;
  }

  /**
   * Compiles a step that trains the upper part of a cut of this learner's network on latents.
   *
   * @param banks where the latents are
   * @throws IllegalArgumentException if a bank holds latents of another shape
   */
  public LatentTraining compileLatentTraining(Cut cut, TrainingSpec spec, List<LatentBank> banks) {
    return new LatentTraining(this, cut, spec, banks);
  }

  /**
   * Compiles what copies latents from one bank to another.
   *
   * @throws IllegalArgumentException if they hold latents of different shapes
   */
  public LatentCopy compileLatentCopy(LatentBank from, LatentBank to) {
    return new LatentCopy(this, from, to);
  }

  /** Compiles the lower part of a cut of this learner's network. */
  public LatentExtraction compileLatentExtraction(Cut cut, int miniBatch) {
    return new LatentExtraction(this, cut, miniBatch);
  }

  /** Compiles the forward pass for images of the network's size. */
  public Inference compileInference(int miniBatch) {
    return compileInference(miniBatch, network.height(), network.width());
  }

  /** Compiles the forward pass for images of another size, of which it takes the centre. */
  public Inference compileInference(int miniBatch, int sourceHeight, int sourceWidth) {
    Inference.Host host =
        new Inference.Host(network, preprocessing, variables, this::compile, this::release);
    return new Inference(host, miniBatch, sourceHeight, sourceWidth);
  }

  /**
   * Compiles the forward pass for moments of several layers.
   *
   * @param mirrored whether features are averaged over an image and its mirror image
   * @throws IllegalArgumentException if they are not this network's
   */
  public MomentInference compileMoments(LayerMoments moments, boolean mirrored, int miniBatch) {
    Inference.Host host =
        new Inference.Host(network, preprocessing, variables, this::compile, this::release);
    return new MomentInference(host, moments, mirrored, miniBatch);
  }

  /**
   * Sets the head to the consolidated rows of the classes present, and to 0 elsewhere (CWR*).
   *
   * @param present positive = the class is present; one per class
   */
  public void loadHead(float[] present) {
    operations.loadHead(present);
  }

  /**
   * Merges the head into the bank (CWR+, CWR*).
   *
   * @param current real training images of each class in this experience; 0 = absent
   */
  public void consolidateHead(ConsolidateHead.Rule rule, float[] current) {
    operations.consolidateHead(rule, current);
  }

  /** Sets the whole head to the bank, for testing. */
  public void useBank() {
    operations.useBank();
  }

  /** Begins the path integral of synaptic intelligence: start = weights, trajectory = 0. */
  public void beginExperience() {
    operations.beginExperience();
  }

  /**
   * Turns the trajectory into importance; see {@link dev.accrete.core.op.SynapticImportance}.
   *
   * <p>Where importance is sparse this is also when weights are chosen to keep theirs, and the
   * present weights become the anchors; gradients and momentum, which lend their memory, are 0
   * afterwards.
   *
   * @param scale c of AR1*, 0.5
   * @param damping the smallest squared path, 1e-7
   * @param max the largest importance, 0.001
   * @param synaptic which parameters have importance; the others get 0
   */
  public void updateImportance(
      float scale, float damping, float max, Predicate<Parameter> synaptic) {
    operations.updateImportance(scale, damping, max, synaptic);
  }

  /**
   * The same, for those who want to know how much sparse importance loses; that takes a copy of the
   * importance of all weights to the host.
   *
   * @return the share of the importance of all candidates that is kept: 1 where it is dense
   */
  public double updateImportanceMeasuring(
      float scale, float damping, float max, Predicate<Parameter> synaptic) {
    return operations.updateImportanceMeasuring(scale, damping, max, synaptic);
  }

  /**
   * Makes the present weights the anchors of the quadratic penalty.
   *
   * @throws IllegalStateException if importance is sparse and has no anchors
   */
  public void anchor() {
    operations.anchor();
  }

  /** Forgets the momentum, as a solver started anew. */
  public void resetMomentum() {
    operations.resetMomentum();
  }

  /** Bytes held: the store, and every plan not yet closed; not banks of latents. */
  public long bytes() {
    return store.bytes() + plans.stream().mapToLong(Plan::bytes).sum();
  }

  Plan compile(Graph graph) {
    return compile(graph, List.of());
  }

  /** Compiles a graph that also works on latents. */
  Plan compile(Graph graph, List<LatentBank> used) {
    Store[] stores =
        Stream.concat(Stream.of(store), used.stream().map(LatentBank::store)).toArray(Store[]::new);
    Plan plan = backend.compile(graph, stores);
    plans.add(plan);
    return plan;
  }

  /**
   * Frees what the operations on the state compiled for themselves. What {@link #bytes} tells then
   * depends on the open steps alone and not on what was done before.
   */
  public void releaseOperations() {
    operations.release();
  }

  void release(Plan plan) {
    if (plans.removeIf(p -> p == plan)) {
      plan.close();
    }
  }

  /** Forgets a bank that is being closed. */
  void remove(LatentBank bank) {
    banks.removeIf(b -> b == bank);
  }

  /** Frees plans, banks of latents and store; the backend stays open. */
  @Override
  public void close() {
    plans.forEach(Plan::close);
    plans.clear();
    List.copyOf(banks).forEach(LatentBank::close);
    store.close();
  }
}
