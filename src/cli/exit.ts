/** Exit codes: part of the contract. */
export const EXIT = {
  done: 0,
  /** Failed while running. */
  failed: 1,
  /** Wrong usage or invalid description. */
  usage: 2,
  /** Snapshot or data file unreadable, or an invariant of it broken. */
  unreadable: 3,
  /** Below the baseline. */
  worse: 4,
  /** Interrupted by the user. */
  interrupted: 130,
} as const;
