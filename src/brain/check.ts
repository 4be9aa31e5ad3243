/** Invariants of a brain's state: what must hold for it to run at all, and what must hold for it to be healthy. */

import { MODE } from "../biology/stimulus.ts";
import type { Arrays } from "../state/arrays.ts";
import { checkLog } from "../biology/growth.ts";
import { learns, localData, mechanismsOf, type Plan, planBrain } from "./plan.ts";
import type { ResolvedSpec } from "./spec.ts";

/** Whether every element of an array is finite. */
function allFinite(data: ArrayLike<number>): boolean {
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return false;
  return true;
}

/** Whether every element lies within [min, max]. */
function allWithin(data: ArrayLike<number>, min: number, max: number): boolean {
  for (let i = 0; i < data.length; i++) if (!(data[i] >= min && data[i] <= max)) return false;
  return true;
}

/**
 * Checks every index stored in the arrays: kernels use them without looking.
 * @returns the first violations, one sentence each; empty when all is well
 */
export function checkIndices(plan: Plan, arrays: Arrays): string[] {
  const wrong: string[] = [];
  const { neurons, slots, regions, projections } = plan;
  const start = arrays.get("spikes.start", "u32"), ring = arrays.get("spikes.ring", "u32");
  const boundaries = 2 * regions.length + 1;
  for (let slot = 0; slot < slots && wrong.length === 0; slot++) {
    const row = start.subarray(slot * boundaries, (slot + 1) * boundaries);
    const blank = row.every((x) => x === 0);
    if (!blank && !(ascending(row) && row[0] === slot * neurons && row[boundaries - 1] <= (slot + 1) * neurons)) {
      wrong.push(`spikes.start: row ${slot} does not bound its row of the ring`);
    }
    for (const { index, begin, split, end, spec } of regions) {
      const [a, b, c] = row.subarray(2 * index);
      const fits = blank ||
        (allWithin(ring.subarray(a, b), begin, split - 1) && allWithin(ring.subarray(b, c), split, end - 1));
      if (!fits) wrong.push(`spikes.ring: row ${slot} lists neurons outside region "${spec.name}"`);
    }
  }
  if (!allWithin(arrays.get("neuron.alive", "u8"), 0, 1)) wrong.push("neuron.alive holds more than 0 and 1");
  for (const { spec: { name } } of regions) {
    const [mode, from, until, period] = arrays.get(`region.${name}.stimulusControl`, "i32");
    const known = (Object.values(MODE) as number[]).includes(mode);
    if (!known || from < 0 || until < 0 || (mode === MODE.latency && period < 1)) {
      wrong.push(`region.${name}.stimulusControl is none that a stimulus sets`);
    }
  }
  for (const region of regions) {
    for (const { name, row, values, arrays: declared } of mechanismsOf(region)) {
      const at = `region.${region.spec.name}.${name}`, data = localData(arrays, at, declared);
      const fault = row.biology.check?.(data, values);
      if (fault !== undefined) wrong.push(`${at}.${fault}`);
      if (row.freezes && data.enabled[0] > 2) wrong.push(`${at}.enabled is none of 0, 1, 2`);
    }
  }
  const [from, until] = arrays.get("brain.sleep", "i32");
  if (from < 0 || until < from) wrong.push("brain.sleep ends before it begins");
  for (const { spec: { name, structure } } of projections) {
    const fault = structure && checkLog(arrays.get(`projection.${name}.structure.counters`, "u32"));
    if (fault) wrong.push(`projection.${name}.structure.${fault}`);
  }
  for (const { spec, to } of projections) {
    if (learns(spec, to.spec) && arrays.get(`projection.${spec.name}.plasticityEnabled`, "u8")[0] > 2) {
      wrong.push(`projection.${spec.name}.plasticityEnabled is none of 0, 1, 2`);
    }
    if (spec.layout !== "sparse") continue;
    const at = `projection.${spec.name}`;
    const rowStart = arrays.get(`${at}.rowStart`, "u32"), target = arrays.indices(`${at}.target`);
    if (rowStart[0] !== 0 || rowStart.at(-1) !== target.length || !ascending(rowStart)) {
      wrong.push(`${at}.rowStart does not divide the ${target.length} synapses into rows`);
    }
    if (!allWithin(target, 0, to.size - 1)) {
      wrong.push(`${at}.target names neurons outside region "${to.spec.name}"`);
    }
  }
  return wrong;
}

function ascending(data: ArrayLike<number>): boolean {
  for (let i = 1; i < data.length; i++) if (data[i] < data[i - 1]) return false;
  return true;
}

/** One invariant and whether it holds. */
export interface Check {
  claim: string;
  ok: boolean;
}

/** Tests every invariant of a brain's state. */
export function checkState(spec: ResolvedSpec, arrays: Arrays): Check[] {
  const plan = planBrain(spec);
  const infinite = [...arrays.entries()].filter(({ data }) => !allFinite(data)).map(({ name }) => name);
  const indices = checkIndices(plan, arrays);
  const checks: Check[] = [
    {
      claim: infinite.length === 0 ? "all numbers are finite" : `${infinite.join(", ")} finite`,
      ok: infinite.length === 0,
    },
    { claim: indices.length === 0 ? "all indices are in range" : indices.join("; "), ok: indices.length === 0 },
    {
      claim: "membrane potentials are at most 30 mV",
      ok: allWithin(arrays.get("neuron.v", "f32"), -Infinity, 30),
    },
  ];
  for (const { spec: { name, plasticity } } of plan.projections) {
    const weight = arrays.get(`projection.${name}.weight`, "f32");
    const max = plasticity ? Math.fround(plasticity.weightMax) : Infinity;
    checks.push({
      claim: `weights of "${name}" lie between 0 and ${plasticity?.weightMax ?? "infinity"}`,
      ok: allWithin(weight, 0, max),
    });
  }
  return checks;
}
