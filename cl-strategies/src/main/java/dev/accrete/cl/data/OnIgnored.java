package dev.accrete.cl.data;

/** What to do about files of a data folder that are not read. */
public enum OnIgnored {
  /** Say in one line how many there are of each kind. */
  REPORT,
  /** Stop with that line as an error. */
  FAIL
}
