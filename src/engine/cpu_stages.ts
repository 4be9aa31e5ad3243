/** The work of each stage on the CPU, for one program: only what the program has. What mechanisms add: mechanisms.ts. */

import { MODE } from "../biology/stimulus.ts";
import { RATE_TAU_MS } from "../biology/neuron.ts";
import { stepKey } from "../state/random.ts";
import { blockedReceptors } from "../../kernels/receptors.ts";
import { advanceDopamine, dopamineConstants, moveOriginOfReward } from "../../kernels/reward.ts";
import { addCurrents, latencyTrain } from "../../kernels/stimulus.ts";
import { moveOrigin, type TraceClock } from "../../kernels/traces.ts";
import { arriveAlikeWork, arriveWork, potentiateWork, releaseWork } from "./cpu_projections.ts";
import type { Work } from "./mechanism.ts";
import { sitesOf } from "./mechanisms.ts";
import type { Kernels, NeuronKernels } from "./neuron_kernels.ts";
import { boundariesOf, isAsleep, type PlasticityProgram, type Program, type RegionProgram } from "./program.ts";
import type { StageName } from "./step.ts";

/** By stage. */
export const STAGES: { [S in StageName]?: (program: Program, kernels: Kernels) => Work[] } = {
  moveOrigins: ({ activity, projections }) => [
    originWork(activity.rate, activity.rateClock),
    ...projections.flatMap(({ plasticity: p }) => p ? plasticOrigins(p) : []),
  ],
  modulate: ({ regions }) =>
    regions.filter((region) => sitesOf(region).some(({ row }) => row.modulates)).map(
      ({ gains }) => () => {
        gains.learning = gains.inhibition = gains.patience = 1;
      },
    ),
  stimulus: (program, kernels) => [
    ...program.regions.flatMap((region) => region.source ? [] : noiseWork(kernels, region)),
    (step) => {
      if (program.injects && !isAsleep(program, step)) kernels.addCurrents();
    },
    ...program.regions.map((region) => stimulusWork(program, region, kernels)),
  ],
  deliver: (program, kernels) =>
    program.projections.map((projection) =>
      projection.layout === "uniform"
        ? arriveAlikeWork(program, projection)
        : arriveWork(program, projection, kernels.synapses(projection))
    ),
  receptors: ({ regions }, kernels) =>
    regions.flatMap(({ receptors }) =>
      receptors.map((receptor) => {
        const { g, mean, decay, reversalMv, magnesiumMm, at: { from, v, input, conductance } } = receptor;
        if (magnesiumMm === undefined) return () => kernels.receptors(receptor);
        return () => blockedReceptors(from, g, reversalMv!, magnesiumMm, mean, decay, v, input, conductance);
      })
    ),
  integrate: (program, kernels) => [integrateWork(program, kernels)],
  activity: (program) => [activityWork(program)],
  potentiate: (program, kernels) =>
    program.projections.flatMap((projection) => {
      const { plasticity } = projection;
      return plasticity ? [potentiateWork(program, projection, plasticity, kernels.synapses(projection))] : [];
    }),
  release: (program) => program.projections.flatMap((p) => p.shortTerm ? [releaseWork(program, p, p.shortTerm)] : []),
  dopamine: ({ projections, regions, dt }) =>
    projections.flatMap(({ plasticity, enabled, to }) => {
      if (!plasticity?.reward) return [];
      const { reward: { dopamine, parameters }, synapses: { rewarded } } = plasticity, { gains } = regions[to];
      let patience = 1, constants = dopamineConstants(parameters, dt);
      return [() => {
        if (gains.patience !== patience) {
          patience = gains.patience;
          constants = dopamineConstants(
            { ...parameters, tauEligibilityMs: parameters.tauEligibilityMs * patience },
            dt,
          );
        }
        advanceDopamine(dopamine, constants, enabled![0] === 1, rewarded!);
      }];
    }),
};

function originWork(trace: Float32Array, clock: TraceClock): Work {
  return (step) => {
    if (step > 0 && step % clock.period === 0) moveOrigin(trace, clock);
  };
}

function plasticOrigins(
  { preTrace, preClock, postTrace, postClock, preSlow, postSlow, reward, synapses }: PlasticityProgram,
): Work[] {
  return [
    originWork(preTrace, preClock),
    originWork(postTrace, postClock),
    ...preSlow ? [originWork(preSlow.trace, preSlow.clock)] : [],
    ...postSlow ? [originWork(postSlow.trace, postSlow.clock)] : [],
    ...reward ? [() => moveOriginOfReward(reward.dopamine, synapses.rewarded!)] : [],
  ];
}

function noiseWork(kernels: NeuronKernels, { living, noise, noiseKey }: RegionProgram): Work[] {
  return noise.flatMap((table, population): Work[] =>
    table === null || living[population].length === 0 ? [] : [(step) => {
      const key = stepKey(noiseKey, step), ranges = living[population];
      for (let k = 0; k < ranges.length; k++) kernels.gaussianNoise(ranges[k][0], ranges[k][1], table, key);
    }]
  );
}

function stimulusWork(program: Program, { begin, stimulus }: RegionProgram, kernels: NeuronKernels): Work {
  const { membranes: { v, input } } = program;
  const { control, value, phase, key } = stimulus;
  return (step) => {
    const mode = control[0];
    if (mode === MODE.off || step < control[1] || step >= control[2] || isAsleep(program, step)) return;
    const age = step - control[1];
    if (mode === MODE.poisson) kernels.poissonTrain(begin, value, stepKey(key, step));
    else if (mode === MODE.regular) kernels.regularTrain(begin, value, phase, age);
    else if (mode === MODE.latency) latencyTrain(begin, value, age, control[3], v);
    else addCurrents(begin, value, input);
  };
}

function integrateWork(program: Program, kernels: NeuronKernels): Work {
  const { regions, slots, neurons, membranes, spikes: { start } } = program;
  const boundaries = boundariesOf(program);
  const plans = regions.map((region) => ({
    region,
    select: sitesOf(region).map(({ row, site }) => row.select?.(site)).find((select) => select !== undefined),
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
