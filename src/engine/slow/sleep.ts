/** Sleep: it ends by itself, and what it held still moves again. */

import { sitesOf } from "../mechanisms.ts";
import type { Program } from "../program.ts";
import { REPLAY, STATISTICS } from "../../biology/memory.ts";
import type { SlowProcess } from "./slow.ts";

/** Value of a switch that is on but held for the time of a sleep or a recall. */
export const HELD = 2;

/** How a sleep names what is a region's own. */
export const ownOf = (region: string) => `region:${region}`;

/** Holds all switches that are on, but those of the projections named, and of what regions named learn by themselves. */
export function hold({ projections, regions }: Program, plastic: readonly string[]): void {
  for (const { name, enabled, sprouting } of projections) {
    if (plastic.includes(name)) continue;
    for (const own of [enabled, sprouting?.structure?.enabled]) if (own?.[0] === 1) own[0] = HELD;
  }
  for (const region of regions) {
    for (const { row, site: { enabled } } of sitesOf(region)) {
      const learns = row.freezes === "plasticity" && plastic.includes(ownOf(region.name));
      if (row.freezes && !learns && enabled[0] === 1) enabled[0] = HELD;
    }
  }
}

/** Lets go of all that is held; windows of memory begin anew at `step`. */
export function letGo({ projections, regions }: Program, step: number): void {
  const switches = [
    ...projections.flatMap(({ enabled, sprouting }) => [enabled, sprouting?.structure?.enabled]).filter((own) => !!own),
    ...regions.flatMap(({ mechanisms }) => [...mechanisms.values()].map(({ enabled }) => enabled)),
  ];
  for (const enabled of switches) if (enabled[0] === HELD) enabled[0] = 1;
  for (const { mechanisms } of regions) {
    const memory = mechanisms.get("memory");
    if (memory) memory.data.statistics[STATISTICS.waking] = step;
  }
}

/** Names of the arrays that {@linkcode hold} and {@linkcode letGo} write. */
export function heldArrays({ projections, regions }: Program): string[] {
  return [
    ...projections.flatMap(({ name, enabled, sprouting }) => [
      ...enabled ? [`projection.${name}.plasticityEnabled`] : [],
      ...sprouting?.structure ? [`projection.${name}.structure.enabled`] : [],
    ]),
    ...regions.flatMap(({ name, mechanisms }) =>
      [...mechanisms].flatMap(([key, { data }]) => [
        ...data.enabled ? [`region.${name}.${key}.enabled`] : [],
        ...key === "memory" ? [`region.${name}.memory.statistics`] : [],
      ])
    ),
  ];
}

/** Wakes the brain when its sleep is over. */
export const wake: SlowProcess = {
  name: "wake",
  intervals: () => [],
  next: ({ sleep }, step) => sleep[1] > step ? sleep[1] : Infinity,
  apply(program, step) {
    const { sleep, regions } = program;
    if (sleep[1] === 0 || step < sleep[1]) return [];
    sleep.fill(0);
    const replays: string[] = [];
    for (const { name, mechanisms } of regions) {
      const replay = mechanisms.get("memory")?.data.replay;
      if (!replay) continue;
      replay[REPLAY.on] = 0;
      replay[REPLAY.trace] = -1;
      replays.push(`region.${name}.memory.replay`);
    }
    letGo(program, step);
    return ["brain.sleep", ...replays, ...heldArrays(program)];
  },
};
