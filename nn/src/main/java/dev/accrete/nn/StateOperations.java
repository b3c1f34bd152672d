package dev.accrete.nn;

import dev.accrete.core.Graph;
import dev.accrete.core.Parameters.Parameter;
import dev.accrete.core.Plan;
import dev.accrete.core.TensorType;
import dev.accrete.core.Value;
import dev.accrete.core.Variable;
import dev.accrete.core.op.ConsolidateHead;
import dev.accrete.core.op.Fill;
import dev.accrete.core.op.LoadHead;
import dev.accrete.core.op.Reshape;
import dev.accrete.core.op.SynapticImportance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The small graphs that work on a learner's flat state; each is compiled when first needed. */
final class StateOperations {
  private static final String PRESENT = "present";
  private static final String CURRENT = "current";
  private static final String LOTS = "lots";

  private final Learner learner;
  private final Variables variables;
  private final Optional<SparseOperations> sparse;
  private final Map<Object, Plan> plans = new HashMap<>();

  StateOperations(Learner learner, Optional<SparseImportance> importance) {
    this.learner = learner;
    this.variables = learner.variables();
    this.sparse =
        importance.flatMap(
            how -> variables.sparse().map(s -> new SparseOperations(how, s, learner)));
  }

  void loadHead(float[] present) {
    run(
        "loadHead",
        graph ->
            graph.apply(
                new LoadHead(),
                List.of(variables.bank().view(), perClass(graph, PRESENT)),
                List.of(new Graph.Destination(0, variables.head()))),
        Map.of(PRESENT, present));
  }

  void consolidateHead(ConsolidateHead.Rule rule, float[] current) {
    Value.View bank = variables.bank().view();
    Value.View past = variables.past().view();
    ConsolidateHead op = new ConsolidateHead(rule);
    run(
        op,
        graph ->
            graph.apply(
                op,
                List.of(variables.head(), perClass(graph, CURRENT), bank, past),
                List.of(new Graph.Destination(0, bank), new Graph.Destination(1, past))),
        Map.of(CURRENT, current));
  }

  void useBank() {
    run("useBank", graph -> copy(graph, variables.bank().view(), variables.head()), Map.of());
  }

  void beginExperience() {
    run(
        "beginExperience",
        graph -> {
          copy(graph, flat(variables.weights()), flat(variables.start()));
          zero(graph, flat(variables.trajectory()));
        },
        Map.of());
  }

  void anchor() {
    run(
        "anchor",
        graph ->
            sparse.ifPresentOrElse(
                s -> s.anchor(graph),
                () -> copy(graph, flat(variables.weights()), flat(variables.anchors()))),
        Map.of());
  }

  void resetMomentum() {
    run("resetMomentum", graph -> zero(graph, flat(variables.momentum())), Map.of());
  }

  /** Updates importance; sparse importance leaves that of all weights in the momentum. */
  private void update(float scale, float damping, float max, Predicate<Parameter> synaptic) {
    Predicate<Parameter> important = sparse.map(s -> s.candidates().and(synaptic)).orElse(synaptic);
    List<SynapticImportance.Range> ranges = new ArrayList<>();
    for (Parameter parameter : learner.network().parameters().all()) {
      if (important.test(parameter)) {
        ranges.add(new SynapticImportance.Range(parameter.offset(), parameter.size()));
      }
    }
    SynapticImportance op = new SynapticImportance(ranges, scale, damping, max);
    run(
        op,
        graph -> sparse.ifPresentOrElse(s -> s.update(graph, op), () -> dense(graph, op)),
        Map.of());
  }

  void updateImportance(float scale, float damping, float max, Predicate<Parameter> synaptic) {
    update(scale, damping, max, synaptic);
    sparse.ifPresent(s -> resetMomentum());
  }

  double updateImportanceMeasuring(
      float scale, float damping, float max, Predicate<Parameter> synaptic) {
    update(scale, damping, max, synaptic);
    return variables.sparse().map(s -> retained(s, max)).orElse(1.0);
  }

  private double retained(SparseVariables chosen, float max) {
    float[] all = learner.snapshot(variables.momentum());
    resetMomentum();
    return SparseOperations.retained(all, learner.snapshot(chosen.cumulative()), max);
  }

  private void dense(Graph.Builder graph, SynapticImportance op) {
    Value.View start = flat(variables.start());
    Value.View trajectory = flat(variables.trajectory());
    Value.View cumulative = flat(variables.cumulative());
    graph.apply(
        op,
        List.of(flat(variables.weights()), start, trajectory, cumulative),
        List.of(
            new Graph.Destination(0, flat(variables.importance())),
            new Graph.Destination(1, cumulative),
            new Graph.Destination(2, trajectory),
            new Graph.Destination(3, start)));
  }

  /** Chooses the weights that have importance, if that is not done after each experience. */
  void chooseOnce() {
    sparse
        .filter(SparseOperations::choosesOnce)
        .ifPresent(
            s -> {
              run(LOTS, graph -> s.select(graph, LOTS), Map.of(LOTS, s.lots()));
              release();
            });
  }

  private Value.View flat(Variable variable) {
    return variables.flat(variable);
  }

  private Value.Input perClass(Graph.Builder graph, String name) {
    return graph.input(name, TensorType.f32(learner.network().classes()));
  }

  private static void copy(Graph.Builder graph, Value from, Value.View to) {
    graph.apply(
        new Reshape(to.type().shape()), List.of(from), List.of(new Graph.Destination(0, to)));
  }

  static void zero(Graph.Builder graph, Value.View target) {
    graph.apply(
        new Fill(0, target.type().shape()), List.of(), List.of(new Graph.Destination(0, target)));
  }

  private void run(Object key, Consumer<Graph.Builder> build, Map<String, float[]> values) {
    Plan plan =
        plans.computeIfAbsent(
            key,
            k -> {
              Graph.Builder graph = Graph.builder();
              build.accept(graph);
              return learner.compile(graph.build());
            });
    for (Value.Input input : plan.graph().inputs()) {
      plan.write(input, Objects.requireNonNull(values.get(input.name())));
    }
    plan.run();
  }

  /** Frees the compiled graphs; they are compiled again when needed. */
  void release() {
    plans.values().forEach(learner::release);
    plans.clear();
  }
}
