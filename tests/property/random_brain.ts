/** Brains drawn at random: every seed another, always the same for one seed. */

import { PATTERNS, REGION_TYPES, type RegionTypeName, type SchemeName } from "../../src/biology/neuron.ts";
import { type Receptor, RECEPTORS } from "../../src/biology/neurotransmitter.ts";
import { SHORT_TERM_PRESETS } from "../../src/biology/short_term.ts";
import { Brain } from "../../src/brain/brain.ts";
import { type MorphologySpec, type TemplateName, TEMPLATES } from "../../src/biology/morphology.ts";
import type { PositionsSpec } from "../../src/biology/space.ts";
import { AT_OWN_SPIKES, type RuleName, RULES, type StdpRule } from "../../src/biology/stdp.ts";
import {
  type MechanismOptions,
  type PlasticitySpec,
  populationSizes,
  type ProjectionSpec,
  type ResolvedRegion,
} from "../../src/brain/spec.ts";
import { Dice, names } from "./dice.ts";

/** Mechanisms of a region, each with a chance, at intervals short enough to act within a test. */
function randomMechanisms(dice: Dice): MechanismOptions {
  const everyMs = () => dice.pick([3, 10, 25]);
  return {
    ...dice.chance(0.3) && { threshold: { increment: dice.between(0, 2), tauMs: dice.pick([5, 80]) } },
    ...dice.chance(0.3) && { excitability: { targetHz: dice.pick([2, 20]), gain: 0.3, everyMs: everyMs() } },
    ...dice.chance(0.3) && {
      oscillation: {
        theta: dice.between(0, 4),
        gamma: dice.between(0, 3),
        thetaHz: dice.pick([6, 7.5]),
        coupling: dice.uniform(),
        gating: dice.pick([0, 0.8]),
      },
    },
    ...dice.chance(0.3) && {
      modulators: dice.pick([
        { acetylcholine: { tauMs: 30, learning: 2 }, serotonin: { tauMs: 60 } },
        { acetylcholine: {} },
        { serotonin: { patience: 3, inhibition: 1 } },
      ]),
    },
    ...dice.chance(0.3) && { competition: { winners: dice.whole(1, 3) } },
    ...dice.chance(0.3) && { field: true as const },
    ...dice.chance(0.2) && { background: { rateHz: dice.pick([200, 5000]), weight: dice.between(-1, 3) } },
    ...dice.chance(0.4) && {
      memory: {
        capacity: dice.whole(1, 4),
        windowMs: dice.pick([2, 4]),
        zScore: dice.between(0, 2),
        smallest: dice.whole(1, 3),
        overlap: dice.between(0.2, 0.9),
        keepStrongest: dice.pick([0, 1]),
        replayEveryMs: dice.pick([5, 20]),
        compression: dice.pick([0.5, 3]),
      },
    },
    ...dice.chance(0.3) && {
      scaling: {
        targetHz: dice.pick([2, 20]),
        tauMs: 200,
        tauRateMs: 50,
        everyMs: everyMs(),
        inhibition: dice.pick([0, 0.5]),
      },
    },
    ...dice.chance(0.3) && {
      maturation: {
        spikes: dice.between(0.5, 5),
        power: dice.pick([0.5, 1, 2]),
        lowest: dice.pick([0, 0.2]),
        youthCurrent: dice.pick([0, 4]),
        everyMs: everyMs(),
      },
    },
  };
}

/** Birth and death, quick enough to be seen within a test. */
function randomGrowth(dice: Dice): MechanismOptions {
  return {
    growth: {
      births: dice.pick([20, 300]),
      targetHz: dice.pick([2, 20]),
      novelty: dice.pick([0, 0.5]),
      silentHz: dice.pick([1, 30]),
      deaths: dice.pick([0, 0.2]),
      maturationMs: dice.pick([0, 30]),
      criticalMs: dice.pick([1e9, 45]),
      youthCurrent: dice.between(0, 10),
      tauRateMs: 40,
      everyMs: dice.pick([5, 20]),
    },
  };
}

function randomMorphology(dice: Dice): TemplateName | MorphologySpec {
  const mode = dice.pick(["full", "attenuation"] as const);
  return dice.pick<() => TemplateName | MorphologySpec>([
    () => dice.pick(names(TEMPLATES)),
    () => ({ template: dice.pick(names(TEMPLATES)), mode, membraneOhmCm2: dice.pick([5000, 40_000]) }),
    () => ({
      mode,
      compartments: Array.from({ length: dice.whole(1, 6) }, (_, k) => ({
        name: `c${k}`,
        parent: k === 0 ? -1 : dice.whole(0, k - 1),
        lengthUm: dice.between(10, 200),
        diameterUm: dice.between(0.5, 20),
      })),
    }),
  ])();
}

/** Positions of so many neurons, of any kind. */
function randomPositions(dice: Dice, neurons: number): PositionsSpec {
  const at = dice.chance(0.5) ? { at: [dice.between(-1, 1), dice.between(-1, 1)] } : {};
  switch (dice.whole(0, 3)) {
    case 0:
      return { grid: [dice.whole(1, 5), neurons], spacing: dice.between(0.1, 0.5), ...at };
    case 1:
      return { box: dice.pick<[number, number] | [number, number, number]>([[2, 1], [1, 2, 3]]), ...at };
    case 2:
      return { disc: dice.between(0.5, 2), ...at };
    default:
      return { points: Array.from({ length: neurons }, () => [dice.between(-1, 1), dice.between(-1, 1)]), ...at };
  }
}

function addRandomRegion(brain: Brain, dice: Dice, name: string, type: RegionTypeName): void {
  const source = type === "input", neurons = dice.whole(3, 40), inhibitory = dice.pick([undefined, 0, 0.25, 0.5]);
  const { excitatory } = populationSizes({ neurons, inhibitory: inhibitory ?? REGION_TYPES[type].inhibitory });
  const divisors = Array.from({ length: excitatory }, (_, k) => k + 1).filter((g) => excitatory % g === 0);
  const grows = !source && dice.chance(0.3), room = grows ? neurons + dice.whole(0, 30) : neurons;
  const custom = { a: dice.between(0.01, 0.1), b: 0.2, c: -60, d: dice.between(0, 8) };
  const drawn = {
    a: { uniform: [0.02, 0.1] as [number, number] },
    b: 0.2,
    c: -65,
    d: { normal: [6, 2] as [number, number] },
  };
  brain.addRegion(name, type, {
    neurons,
    ...(!source && dice.pick([
      {},
      { pattern: dice.pick(names(PATTERNS)) },
      { pattern: custom },
      { pattern: drawn },
      { pattern: dice.pick(names(PATTERNS)), spread: dice.pick([0.1, { d: 0.3 }]) },
    ])),
    ...(inhibitory !== undefined && { inhibitory }),
    ...(grows ? { maxNeurons: room, ...randomGrowth(dice) } : dice.chance(0.4) && { groups: dice.pick(divisors) }),
    ...(dice.chance(0.5) && { positions: randomPositions(dice, room) }),
    ...(!source && dice.chance(0.3) && { morphology: randomMorphology(dice) }),
    ...(!source && dice.chance(0.7) && { noise: { excitatory: dice.between(0, 8), inhibitory: dice.between(0, 4) } }),
    ...(!source && dice.chance(0.4) && {
      connectivity: dice.chance(0.5)
        ? 0.2
        : { outDegree: 2, delay: { uniform: [1, dice.whole(1, 6)] }, receptor: "ampaCurrent" },
    }),
    ...(!source && randomMechanisms(dice)),
  });
  if (!source && dice.chance(0.2)) {
    brain.region(name).addLateralInhibition({ weight: dice.between(0, 0.5), withinGroups: dice.chance(0.5) });
  }
}

/** The rule and layout of a projection between so many neurons. */
function randomRule(
  dice: Dice,
  inside: boolean,
  sources: number,
  targets: number,
  placed: boolean,
): Partial<ProjectionSpec> {
  if (placed && dice.chance(0.4)) {
    return dice.pick<Partial<ProjectionSpec>>([
      { gaussian: { sigmaMm: dice.between(0.2, 2), peak: dice.uniform() } },
      { ring: { outerMm: dice.between(0.5, 2), probability: 0.5 } },
    ]);
  }
  if (!inside && sources === targets && dice.chance(0.5)) return { oneToOne: true };
  switch (dice.whole(0, inside ? 4 : 7)) {
    case 0:
      return { density: dice.between(0, 0.6) };
    case 1:
      return { outDegree: dice.whole(0, Math.min(8, targets - 1)) };
    case 2:
      return { inDegree: dice.whole(0, Math.min(8, sources - 1)) };
    case 3: {
      const n = dice.whole(1, 40), list = (make: () => number) => Array.from({ length: n }, make);
      return {
        pairs: {
          pre: list(() => dice.whole(0, sources - 1)),
          post: list(() => dice.whole(0, targets - 1)),
          ...(dice.chance(0.5) && { weight: list(() => dice.between(0, 5)) }),
          ...(dice.chance(0.5) && { delay: list(() => dice.pick([1, 2, 3.5, 9])) }),
        },
      };
    }
    case 4:
      return { layout: "uniform" };
    default:
      return { density: 1, layout: dice.pick(["dense", "dense", "sparse"]) };
  }
}

function addRandomProjection(brain: Brain, dice: Dice, name: string, from: ResolvedRegion, to: ResolvedRegion): void {
  const sizes = populationSizes(from), grows = [from, to].some((region) => region.growth !== undefined);
  const transmitter = sizes.inhibitory > 0 && (sizes.excitatory === 0 || dice.chance(0.3)) ? "gaba" : "glutamate";
  const source = dice.chance(0.3) ? "all" : transmitter === "gaba" ? "inhibitory" : "excitatory";
  const sources = source === "all" ? from.neurons : sizes[source];
  const placed = from.positions !== undefined && to.positions !== undefined;
  const drawn = randomRule(dice, from === to, sources, to.neurons, placed);
  const rule = grows && drawn.layout === "dense" ? { density: 1 } : drawn;
  const uniform = rule.layout === "uniform", oneDelay = uniform || rule.layout === "dense";
  // A conductance reverses where its transmitter pulls: above the threshold for glutamate, below it for GABA.
  const fitting = names(RECEPTORS).filter((name) => {
    const { reversalMv }: Receptor = RECEPTORS[name];
    return reversalMv === undefined || reversalMv > -50 === (transmitter === "glutamate");
  });
  const own = [{ tauMs: 3 }, { tauMs: 8, reversalMv: transmitter === "gaba" ? -75 : 10 }];
  const receptor = dice.chance(0.7) ? dice.pick(fitting) : dice.pick(own);
  const speed = placed && !oneDelay && dice.chance(0.4);
  brain.connect(from.name, to.name, {
    name,
    transmitter,
    source,
    ...rule,
    receptor,
    ...(to.morphology && dice.chance(0.7) && { compartment: dice.pick(to.morphology.compartments).name }),
    ...(!uniform && !(rule.layout === "dense") && !(rule.density === 1 && from !== to && !grows && !rule.layout) &&
      dice.chance(0.4) && {
      structure: {
        forms: dice.pick([5, 100]),
        windowMs: dice.pick([5, 50]),
        maxDegree: dice.whole(3, 20),
        sigmaMm: dice.pick([0, 0.5]),
        newWeight: dice.uniform(),
        pruneBelow: dice.uniform(),
        unusedMs: dice.pick([20, 1000]),
        graceMs: dice.pick([0, 20]),
        prunes: dice.pick([0, 0.1]),
        everyMs: dice.pick([5, 20]),
      },
    }),
    ...(speed ? { delay: { speed: dice.between(0.5, 3) } } : dice.chance(0.5) && {
      delay: oneDelay || dice.chance(0.4) ? dice.whole(2, 12) / 2 + 1 : { uniform: [1, dice.whole(2, 9)] },
    }),
    ...(dice.chance(0.3) && {
      shortTerm: dice.chance(0.6) ? dice.pick(names(SHORT_TERM_PRESETS)) : { use: 0.3, tauFacilitationMs: 40 },
    }),
    ...(!uniform && dice.chance(0.6) && { plasticity: randomPlasticity(dice, transmitter, to) }),
  });
}

/** Plasticity by any rule that fits the transmitter and the target, with parameters that act within a test. */
function randomPlasticity(
  dice: Dice,
  transmitter: "glutamate" | "gaba",
  { maturation }: { maturation?: unknown },
): PlasticitySpec {
  const fitting = names(RULES).filter((name) => name !== "inhibitory" || transmitter === "gaba");
  const rule: RuleName = dice.pick(maturation ? fitting.filter((name) => AT_OWN_SPIKES.includes(name)) : fitting);
  const { reads }: StdpRule = RULES[rule], tau = () => dice.pick([1.5, 5, 20]);
  const values = {
    aPlus: dice.between(0, 0.2),
    aMinus: dice.between(-0.05, 0.2),
    a3Plus: dice.between(0, 0.2),
    a3Minus: dice.pick([0, 0.1]),
    tauPlusMs: tau(),
    tauMinusMs: tau(),
    tauXMs: tau(),
    tauYMs: tau(),
    traceTarget: dice.uniform(),
    targetHz: dice.between(1, 40),
    softness: dice.pick([0, 1, 0.4]),
  };
  const balanced = rule === "pair" || rule === "triplet";
  return {
    rule,
    ...Object.fromEntries(Object.entries(values).filter(([key]) => Object.hasOwn(reads, key))),
    pairing: dice.pick(["all", "nearest"] as const),
    ...(dice.chance(0.3) && { normalization: { mean: dice.between(0.1, 0.9), everyMs: dice.pick([1, 7, 30]) } }),
    ...(balanced && dice.chance(0.3) &&
      { metaplasticity: { targetHz: dice.pick([2, 20]), tauMs: 40, everyMs: dice.pick([2, 9]) } }),
    ...(dice.chance(0.5) && {
      reward: {
        tauEligibilityMs: dice.pick([4, 30, 500]),
        tauDopamineMs: dice.pick([5, 100]),
        learningRate: dice.between(0, 50),
        tonic: dice.pick([0, 0.2]),
        baseline: dice.pick([0, 0.1]),
        critic: dice.pick([0, 0.3]),
      },
    }),
  };
}

/** A grid of lines and groups that see one patch of it each, in front of everything else. */
function addReceptiveFields(brain: Brain, dice: Dice): void {
  brain.addRegion("eye", "input", { neurons: 12, positions: { grid: [4, 3] } });
  const groups = 6, neurons = groups * dice.whole(1, 3);
  const mechanisms = randomMechanisms(dice);
  brain.addRegion("v1", "sensory", { neurons, inhibitory: 0, groups, noise: 3, ...mechanisms });
  brain.connect("eye", "v1", {
    name: "sees",
    receptiveField: { width: 2, height: 2, stride: 1 },
    ...dice.chance(0.6) && { plasticity: randomPlasticity(dice, "glutamate", mechanisms) },
  });
}

/** A brain of two to four regions and up to seven projections. */
export function randomBrain(seed: number): Brain {
  const dice = new Dice(seed);
  const scheme: SchemeName = dice.chance(0.8) ? "riccati" : "izhikevich2003";
  const brain = new Brain({ seed: dice.whole(0, 1e6), dt: dice.pick([1, 1, 0.5, 0.25]), scheme });
  const count = dice.whole(2, 4);
  for (let k = 0; k < count; k++) {
    const types = names(REGION_TYPES).filter((type) => k === 0 || type !== "input");
    addRandomRegion(brain, dice, `r${k}`, dice.pick(types));
  }
  const { regions } = brain.spec, targets = regions.filter(({ type }) => type !== "input");
  for (let k = dice.whole(2, 6); k > 0; k--) {
    addRandomProjection(brain, dice, `p${k}`, dice.pick(regions), dice.pick(targets));
  }
  if (dice.chance(0.3)) addReceptiveFields(brain, dice);
  for (const transmitter of ["dopamine", "serotonin", "acetylcholine"] as const) {
    const from = dice.pick(regions), to = dice.pick(targets);
    const idle = transmitter === "dopamine" &&
      !brain.spec.projections.some((p) => p.to === to.name && p.plasticity?.reward);
    if (!dice.chance(0.4) || populationSizes(from).excitatory === 0 || idle) continue;
    brain.connect(from.name, to.name, {
      name: transmitter,
      transmitter,
      weight: dice.between(0, 0.3),
      delay: dice.whole(2, 12) / 2,
      ...dice.chance(0.3) && { shortTerm: "depressing" },
    });
  }
  return brain;
}
