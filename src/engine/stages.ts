/** The work of each stage, for one program: only what the program has. What mechanisms add: mechanisms.ts. */

import { MODE } from "../biology/stimulus.ts";
import { stepKey } from "../state/random.ts";
import type { TraceClock } from "../../kernels/traces.ts";
import type { Kernels, Work } from "./kernels.ts";
import { sitesOf } from "./mechanisms.ts";
import { isAsleep, type PlasticityProgram, type Program, type RegionProgram } from "./program.ts";
import { type StageName, STEP } from "./step.ts";

/** The work of each stage of a step, in order, by these kernels. */
export function workOf(program: Program, kernels: Kernels): { stage: StageName; work: Work[] }[] {
  const sites = program.regions.flatMap((region) => sitesOf(region));
  const own = sites.map(({ row, site }) => row.work?.(site, kernels) ?? {});
  const ofProjections = program.projections.map((projection) => ({
    ...kernels.projection(projection),
    origins: projection.plasticity ? traceOrigins(projection.plasticity, kernels) : [],
  }));
  const stages: { [S in StageName]?: Work[] } = {
    moveOrigins: [
      originWork(program.activity.rate, program.activity.rateClock, kernels),
      ...ofProjections.flatMap(({ origins }) => origins),
    ],
    modulate: program.regions.filter((region) => sitesOf(region).some(({ row }) => row.modulates))
      .map((region) => () => kernels.resetGains(region)),
    stimulus: [
      ...program.regions.flatMap((region) => region.source ? [] : noiseWork(kernels, region)),
      (step) => {
        if (program.injects && !isAsleep(program, step)) kernels.addCurrents();
      },
      ...program.regions.map((region) => stimulusWork(program, region, kernels)),
    ],
    deliver: [...ofProjections.map(({ arrive }) => arrive), ...some(kernels.delivered)],
    receptors: program.regions.flatMap(({ receptors }) =>
      receptors.map((receptor) => () => kernels.receptors(receptor))
    ),
    integrate: [kernels.integrate],
    activity: [kernels.activity],
    potentiate: ofProjections.flatMap(({ spike }) => some(spike)),
    release: ofProjections.flatMap(({ release }) => some(release)),
    dopamine: ofProjections.flatMap(({ dopamine }) => some(dopamine)),
  };
  return STEP.map(({ name }: { name: StageName }) => ({
    stage: name,
    work: [...stages[name] ?? [], ...own.flatMap((work) => work[name] ?? [])],
  }));
}

function some(work: Work | undefined): Work[] {
  return work ? [work] : [];
}

function originWork(trace: Float32Array, clock: TraceClock, kernels: Kernels): Work {
  return (step) => {
    if (step > 0 && step % clock.period === 0) kernels.moveOrigin(trace, clock);
  };
}

function traceOrigins(
  { preTrace, preClock, postTrace, postClock, preSlow, postSlow }: PlasticityProgram,
  kernels: Kernels,
): Work[] {
  return [
    originWork(preTrace, preClock, kernels),
    originWork(postTrace, postClock, kernels),
    ...preSlow ? [originWork(preSlow.trace, preSlow.clock, kernels)] : [],
    ...postSlow ? [originWork(postSlow.trace, postSlow.clock, kernels)] : [],
  ];
}

function noiseWork(kernels: Kernels, { living, noise, noiseKey }: RegionProgram): Work[] {
  return noise.flatMap((table, population): Work[] =>
    table === null || living[population].length === 0
      ? []
      : [(step) => kernels.gaussianNoise(living[population], table, stepKey(noiseKey, step))]
  );
}

function stimulusWork(program: Program, { begin, stimulus }: RegionProgram, kernels: Kernels): Work {
  const { control, value, phase, key } = stimulus;
  return (step) => {
    const mode = control[0];
    if (mode === MODE.off || step < control[1] || step >= control[2] || isAsleep(program, step)) return;
    const age = step - control[1];
    if (mode === MODE.poisson) kernels.poissonTrain(begin, value, stepKey(key, step));
    else if (mode === MODE.regular) kernels.regularTrain(begin, value, phase, age);
    else if (mode === MODE.latency) kernels.latencyTrain(begin, value, age, control[3]);
    else kernels.addStimulus(begin, value);
  };
}
