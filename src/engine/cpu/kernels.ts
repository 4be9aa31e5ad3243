/** The kernels of a program on the CPU: as plain loops, or as SIMD where its arrays allow it. */

import { compete, reserveCandidates } from "../../../kernels/competition.ts";
import { stepKey } from "../../state/random.ts";
import { RATE_TAU_MS } from "../../biology/neuron.ts";
import type { Kernels, Work } from "../kernels.ts";
import { selectionOf } from "../mechanisms.ts";
import { boundariesOf, type Program, type RegionProgram } from "../program.ts";
import { type CpuNeurons, plainNeurons, simdNeurons } from "./neurons.ts";
import { projectionKernels } from "./projections.ts";
import { simdOn } from "./simd.ts";
import { plainSynapses, simdSynapses } from "./synapses.ts";

/** All kernels, and those of them that only the CPU has. */
export type CpuKernels = Kernels & Pick<CpuNeurons, "written">;

/** All kernels. */
export function cpuKernels(program: Program, plain: boolean): CpuKernels {
  const { memory } = program.arrays, simd = plain || !memory ? null : simdOn(memory);
  const neurons = (simd && simdNeurons(program, simd)) ?? plainNeurons(program);
  return {
    ...neurons,
    integrate: integrateWork(program, neurons),
    activity: activityWork(program),
    projection: (projection) =>
      projectionKernels(
        program,
        projection,
        () => (simd && simdSynapses(program, projection, simd)) ?? plainSynapses(program, projection),
      ),
  };
}

function integrateWork(program: Program, kernels: CpuNeurons): Work {
  const { regions, slots, neurons, membranes, spikes: { start } } = program;
  const boundaries = boundariesOf(program);
  const plans = regions.map((region) => ({
    region,
    select: thinningOf(program, region),
  }));
  // Plain loops: this runs for every population in every step.
  const advance = ({ source, living }: RegionProgram, population: 0 | 1, count: number) => {
    const ranges = living[population];
    for (let k = 0; k < ranges.length; k++) {
      const from = ranges[k][0], to = ranges[k][1];
      count = source ? kernels.emitSources(from, to, count) : kernels.integrate(from, to, count);
    }
    return count;
  };
  return (step) => {
    const slot = step % slots;
    let at = slot * boundaries, count = slot * neurons;
    for (let r = 0; r < plans.length; r++) {
      const { region, select } = plans[r];
      start[at++] = count;
      const first = count;
      count = advance(region, 0, count);
      if (select && count > first) count = select(step, first, count);
      start[at++] = count;
      count = advance(region, 1, count);
      for (let k = 0; k < region.gaps.length; k++) {
        membranes.input.fill(0, region.gaps[k][0], region.gaps[k][1]);
        membranes.conductance.fill(0, region.gaps[k][0], region.gaps[k][1]);
      }
    }
    start[at] = count;
  };
}

/** What thins out the spikes `spikes[first … last − 1]` of a region's excitatory population, and returns the new end. */
function thinningOf(
  { membranes, spikes: { ring } }: Program,
  region: RegionProgram,
): ((step: number, first: number, last: number) => number) | undefined {
  const selection = selectionOf(region);
  if (!selection) return undefined;
  const { begin, split, groups } = region, { winners, drive, key } = selection;
  reserveCandidates(split - begin);
  return (step, first, last) =>
    compete(ring, first, last, begin, split - begin, groups, winners, drive, stepKey(key, step), membranes);
}

function activityWork(program: Program): Work {
  const {
    activity: { count, last, rate, rateClock },
    spikes: { ring, start },
    slots,
    neurons,
  } = program;
  const boundaries = boundariesOf(program);
  return (step) => {
    const slot = step % slots, end = start[(slot + 1) * boundaries - 1];
    const amount = rateClock.grow[step % rateClock.period] * 1000 / RATE_TAU_MS;
    for (let s = slot * neurons; s < end; s++) {
      const i = ring[s];
      count[i]++;
      last[i] = step;
      rate[i] += amount;
    }
  };
}
