package dev.accrete.cl.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RenormScheduleTest {
  private static final Ar1Star.Settings AR1 = new Ar1Star().defaults(391);

  @ParameterizedTest
  @CsvSource({"0,1,0", "47,1,0", "48,1,0", "72,2,2.5", "84,2.5,3.75", "96,3,5", "97,3,5"})
  void theFirstExperiencePassesFromPlainToFull(int step, float rMax, float dMax) {
    RenormSchedule schedule = RenormSchedule.rising(AR1.solver(), AR1.first(), 96);
    assertThat(schedule.at(step)).isEqualTo(new RenormSchedule.Limits(rMax, dMax));
  }

  @Test
  void aLongerTrainingKeepsTheScheduleAndStaysFull() {
    RenormSchedule schedule = RenormSchedule.rising(AR1.solver(), AR1.first(), 5000);
    assertThat(schedule.at(47)).isEqualTo(new RenormSchedule.Limits(1, 0));
    assertThat(schedule.at(72)).isEqualTo(new RenormSchedule.Limits(2, 2.5f));
    assertThat(schedule.at(4999)).isEqualTo(new RenormSchedule.Limits(3, 5));
  }

  @Test
  void aShorterTrainingPassesThroughTheScheduleInProportion() {
    RenormSchedule schedule = RenormSchedule.rising(AR1.solver(), AR1.first(), 20);
    assertThat(schedule.at(0)).isEqualTo(new RenormSchedule.Limits(1, 0));
    assertThat(schedule.at(10)).isEqualTo(new RenormSchedule.Limits(1, 0));
    assertThat(schedule.at(15)).isEqualTo(new RenormSchedule.Limits(2, 2.5f));
    assertThat(schedule.at(20)).isEqualTo(new RenormSchedule.Limits(3, 5));
  }

  @Test
  void laterExperiencesHaveTheirLimitsFromTheFirstStep() {
    RenormSchedule schedule = RenormSchedule.constant(AR1.later());
    assertThat(schedule.at(0)).isEqualTo(new RenormSchedule.Limits(1.5f, 2.5f));
    assertThat(schedule.at(1000)).isEqualTo(new RenormSchedule.Limits(1.5f, 2.5f));
  }
}
