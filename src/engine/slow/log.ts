/** The structure log: a bounded table that covers a whole life, coarser the longer it is. */

import { LOG_ROWS } from "../../biology/growth.ts";

/**
 * Appends a row when one is due. When the table is full, every second row goes and rows come half as often.
 * @param counters the last two are the number of rows, and the ticks between two rows
 * @param tick number of this tick
 */
export function logRow(log: Uint32Array, counters: Uint32Array, tick: number, row: readonly number[]): void {
  if (tick % counters[3] !== 0) return;
  if (counters[2] === LOG_ROWS) {
    // Ticks count from 1: the second row of each pair is the one that a log of half as many rows would hold.
    for (let k = 0; 2 * k < LOG_ROWS; k++) log.copyWithin(4 * k, 8 * k + 4, 8 * k + 8);
    counters[2] = LOG_ROWS / 2;
    counters[3] *= 2;
    log.fill(0, 4 * counters[2]);
    if (tick % counters[3] !== 0) return;
  }
  log.set(row, 4 * counters[2]);
  counters[2]++;
}
