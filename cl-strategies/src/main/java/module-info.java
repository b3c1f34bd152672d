/** The learning library: data, scenarios, strategies, metrics, learners and the run loop. */
module dev.accrete.cl {
  requires transitive dev.accrete.nn;
  requires com.fasterxml.jackson.annotation;
  requires com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.datatype.jdk8;
  requires org.slf4j;
  requires static org.jspecify;

  exports dev.accrete.cl.chart;
  exports dev.accrete.cl.data;
  exports dev.accrete.cl.learner;
  exports dev.accrete.cl.metrics;
  exports dev.accrete.cl.pretrain;
  exports dev.accrete.cl.run;
  exports dev.accrete.cl.scenario;
  exports dev.accrete.cl.settings;
  exports dev.accrete.cl.strategy;

  opens dev.accrete.cl.run to
      com.fasterxml.jackson.databind;

  uses dev.accrete.cl.data.DataProvider;
  uses dev.accrete.cl.scenario.ScenarioProvider;
  uses dev.accrete.cl.strategy.StrategyProvider;

  provides dev.accrete.cl.data.DataProvider with
      dev.accrete.cl.data.Core50Providers.Simulated,
      dev.accrete.cl.data.Core50Providers.Real,
      dev.accrete.cl.data.FolderProviders.Folder,
      dev.accrete.cl.data.FolderProviders.StrictFolder,
      dev.accrete.cl.data.FolderProviders.Cifar10,
      dev.accrete.cl.data.FolderProviders.IdxFiles;
  provides dev.accrete.cl.scenario.ScenarioProvider with
      dev.accrete.cl.scenario.Nicv2Provider,
      dev.accrete.cl.scenario.NewClassesProvider,
      dev.accrete.cl.scenario.NewInstancesProvider;
  provides dev.accrete.cl.strategy.StrategyProvider with
      dev.accrete.cl.strategy.Ar1Star,
      dev.accrete.cl.strategy.Ar1Free,
      dev.accrete.cl.strategy.CwrStar,
      dev.accrete.cl.strategy.Naive,
      dev.accrete.cl.strategy.Cumulative,
      dev.accrete.cl.strategy.Joint,
      dev.accrete.cl.strategy.TunedAnalytic,
      dev.accrete.cl.strategy.Slda,
      dev.accrete.cl.strategy.Ar1StarBatchNorm,
      dev.accrete.cl.strategy.Analytic;
}
