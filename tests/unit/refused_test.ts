/** Everything that can be wrong with a description is said in one line that names the value and what is allowed. */

import { assert, assertInstanceOf, assertStringIncludes, assertThrows } from "@std/assert";
import { resolveSpec } from "../../src/brain/resolve.ts";
import { InputError } from "../../src/state/errors.ts";
import { between, inside, region, withProjection } from "./descriptions.ts";

/** Claims that a description is refused in one line that holds all these words. */
function assertRefused(spec: unknown, ...words: string[]): void {
  const error = assertThrows(() => resolveSpec(spec));
  assertInstanceOf(error, InputError);
  for (const word of words) assertStringIncludes(error.message, word);
  assert(!error.message.includes("\n"), `one line: ${error.message}`);
  assert(error.message.length < 500, `short: ${error.message}`);
}

/** Descriptions to refuse, by what is wrong with them, each with words that the message must have. */
const REFUSED: Record<string, [unknown, ...string[]][]> = {
  "a description that is no object": [
    [null, "null", "regions"],
    [[], "[]", "regions"],
    ["brain", '"brain"', "regions"],
    [undefined, "undefined", "regions"],
  ],
  "missing or misshapen lists": [
    [{}, "regions", "undefined"],
    [{ regions: {} }, "regions", "{}"],
    [{ regions: [], projections: 3 }, "projections", "3"],
    [{ regions: [5] }, "region", "5"],
    [withProjection("a->b"), "projection", '"a->b"'],
  ],
  "unknown options": [
    [{ regions: [], sede: 3 }, '"sede"', 'did you mean "seed"?'],
    [region({ neuron: 5 }), '"neuron"', 'did you mean "neurons"?'],
    [between({ wieght: 1 }), '"wieght"', 'did you mean "weight"?'],
    [region({ noise: { excitatry: 1 } }), '"excitatry"', 'did you mean "excitatory"?'],
    [region({ connectivity: { densty: 0.1 } }), '"densty"', 'did you mean "density"?'],
    [region({ pattern: { a: 0.02, e: 1 } }), '"e"', "a, b, c, d"],
    [between({ receptor: { tau: 5 } }), '"tau"', "tauMs"],
    [between({ shortTerm: { U: 0.5 } }), '"U"', "use"],
    [between({ plasticity: { aplus: 0.1 } }), '"aplus"', 'did you mean "aPlus"?'],
    [between({ plasticity: { reward: { tauMs: 5 } } }), '"tauMs"', "tauDopamineMs"],
    [between({ weight: { gaussian: [1, 1] } }), '"gaussian"', "uniform, normal"],
    [between({ pairs: { pre: [], post: [], weights: [] } }), '"weights"', 'did you mean "weight"?'],
  ],
  "dt, seed and scheme out of range": [
    [{ dt: 0, regions: [] }, "dt", "0", "0.01", "1", "ms"],
    [{ dt: 2.5, regions: [] }, "dt", "2.5"],
    [{ dt: NaN, regions: [] }, "dt", "NaN"],
    [{ dt: "1", regions: [] }, "dt", '"1"'],
    [{ seed: -1, regions: [] }, "seed", "-1", "from 0 to 4294967295"],
    [{ seed: 2 ** 32, regions: [] }, "seed", "4294967296"],
    [{ seed: 0.5, regions: [] }, "seed", "0.5", "whole"],
    [{ scheme: "euler", regions: [] }, "scheme", '"euler"', "riccati, izhikevich2003"],
    [{ scheme: "__proto__", regions: [] }, '"__proto__"', "riccati"],
  ],
  "names that are none": [
    [region({ name: "" }), '""', "letters"],
    [region({ name: undefined }), "undefined"],
    [region({ name: 7 }), "7"],
    [region({ name: "a b" }), '"a b"'],
    [region({ name: "a->b" }), '"a->b"'],
    [region({ name: "a.b" }), '"a.b"'],
    [region({ name: "x".repeat(101) }), "at most 100"],
    [region({ name: "a\nb" }), '"a\\nb"'],
    [between({ name: "" }), '""'],
    [between({ name: "a/b" }), '"a/b"'],
    [between({ receptor: { name: "a b", tauMs: 1 } }), '"a b"'],
  ],
  "names that exist": [
    [
      { regions: [{ name: "a", type: "input", neurons: 1 }, { name: "a", type: "motor", neurons: 1 }] },
      '"a"',
      "exists",
    ],
    [
      {
        regions: [{ name: "a", type: "motor", neurons: 5 }],
        projections: [{ from: "a", to: "a" }, { from: "a", to: "a" }],
      },
      '"a->a"',
      "exists",
      "another name",
    ],
  ],
  "regions of an unknown type, or of none": [
    [region({ type: "sensry" }), '"cortex"', '"sensry"', 'did you mean "sensory"?'],
    [region({ type: undefined }), "undefined", "known types"],
    [region({ type: "constructor" }), '"constructor"', "known types"],
  ],
  "numbers of neurons that are none": [
    [region({ neurons: 0 }), "neurons is 0", "whole number from 1"],
    [region({ neurons: -5 }), "neurons is -5"],
    [region({ neurons: 1.5 }), "neurons is 1.5", "whole"],
    [region({ neurons: NaN }), "neurons is NaN"],
    [region({ neurons: Infinity }), "neurons is Infinity"],
    [region({ neurons: "20" }), 'neurons is "20"'],
    [region({ neurons: undefined }), "neurons is undefined"],
    [region({ neurons: 2 ** 28 + 1 }), "neurons is 268435457", "268435456"],
    [
      {
        regions: [{ name: "a", type: "input", neurons: 2 ** 28 }, { name: "b", type: "input", neurons: 1 }],
      },
      '"b"',
      "268435457",
      "268435456",
    ],
  ],
  "shares, noise and patterns out of range": [
    [region({ inhibitory: -0.1 }), "inhibitory is -0.1", "from 0 to 1"],
    [region({ inhibitory: 1.1 }), "inhibitory is 1.1"],
    [region({ inhibitory: NaN }), "inhibitory is NaN"],
    [region({ noise: -1 }), "noise is -1", "from 0"],
    [region({ noise: NaN }), "noise is NaN"],
    [region({ noise: { inhibitory: "5" } }), 'noise is "5"'],
    [region({ noise: "5" }), 'noise is "5"'],
    [region({ type: "input", noise: 1 }), "noise", "input"],
    [region({ pattern: "regular" }), '"regular"', "regularSpiking", "resonator"],
    [region({ pattern: "regularSpikin" }), 'did you mean "regularSpiking"?'],
    [region({ inhibitoryPattern: "toString" }), '"toString"'],
    [region({ pattern: 5 }), "pattern is 5"],
    [region({ pattern: { a: -1 } }), "a is -1", "from 0 to 2", "1/ms"],
    [region({ pattern: { c: 31 } }), "c is 31", "mV"],
    [region({ pattern: { d: NaN } }), "d is NaN"],
  ],
  "connections inside a region that are none": [
    [region({ connectivity: "0.1" }), '"0.1"', "density or an object"],
    [region({ connectivity: null }), "null"],
    [region({ connectivity: 1.5 }), "density is 1.5", "from 0 to 1"],
    [region({ connectivity: { density: -0.1 } }), "density is -0.1"],
    [region({ connectivity: { inhibitoryWeight: -1 } }), "weight is -1"],
    [region({ connectivity: { layout: "dense", density: 1 } }), "dense", "themselves"],
  ],
  "projections to or from nowhere": [
    [
      withProjection({ from: "input", to: "corex" }),
      '"input" to "corex"',
      "known regions: input, cortex",
      'did you mean "cortex"?',
    ],
    [withProjection({ from: "imput", to: "cortex" }), '"imput"', 'did you mean "input"?'],
    [withProjection({ from: "input" }), "undefined", "known regions"],
    [withProjection({ to: "cortex" }), "undefined"],
    [{ regions: [], projections: [{ from: "a", to: "b" }] }, '"a"', "there are no regions yet"],
    [withProjection({ from: "cortex", to: "input" }), '"input"', "no membrane"],
    [withProjection({ from: "__proto__", to: "cortex" }), '"__proto__"'],
  ],
  "transmitters, sources and receptors that are none": [
    [between({ transmitter: "dopamin" }), '"dopamin"', 'did you mean "dopamine"?'],
    [between({ transmitter: 3 }), "3", "glutamate, gaba"],
    [between({ transmitter: "gaba" }), '"input"', "no inhibitory neurons"],
    [inside({ source: "some" }), '"some"', "excitatory, inhibitory, all"],
    [between({ source: "inhibitory" }), '"input"', "no inhibitory neurons"],
    [between({ receptor: "kainate" }), '"kainate"', "known receptors", "ampa"],
    [between({ receptor: "ampaCurent" }), 'did you mean "ampaCurrent"?'],
    [between({ receptor: 5 }), "receptor is 5"],
    [between({ receptor: {} }), "receptor.tauMs is undefined", "ms"],
    [between({ receptor: { tauMs: -1 } }), "receptor.tauMs is -1", "from 0 to 10000"],
    [between({ receptor: { tauMs: 5, reversalMv: 300 } }), "reversalMv is 300", "from -200 to 200"],
    [between({ receptor: { tauMs: 0, reversalMv: 0 } }), "tauMs > 0"],
    [between({ receptor: "gabaA" }), '"gabaA"', "-70 mV", "glutamate"],
    [inside({ transmitter: "gaba", receptor: "ampa" }), '"ampa"', "0 mV", "gaba"],
    [inside({ transmitter: "gaba", receptor: { tauMs: 5, reversalMv: -20 } }), "-20 mV", "gaba"],
  ],
  "densities and degrees out of range": [
    [between({ density: -0.1 }), "density is -0.1", "from 0 to 1"],
    [between({ density: 1.1 }), "density is 1.1"],
    [between({ density: NaN }), "density is NaN"],
    [between({ density: "0.5" }), 'density is "0.5"'],
    [between({ outDegree: 21 }), "outDegree is 21", "from 0 to 20"],
    [between({ outDegree: -1 }), "outDegree is -1"],
    [between({ outDegree: 1.5 }), "outDegree is 1.5", "whole"],
    [between({ inDegree: 21 }), "inDegree is 21", "from 0 to 20"],
    [inside({ outDegree: 20 }), "outDegree is 20", "from 0 to 19"],
    [inside({ inDegree: 16 }), "inDegree is 16", "from 0 to 15"],
  ],
  "two rules at once": [
    [between({ density: 0.5, outDegree: 3 }), "density and outDegree", "exclude each other"],
    [between({ inDegree: 1, oneToOne: true }), "inDegree and oneToOne"],
    [between({ density: 0.1, pairs: { pre: [], post: [] } }), "density and pairs"],
  ],
  "one-to-one between unequal numbers": [
    [
      {
        regions: [{ name: "a", type: "input", neurons: 5 }, { name: "b", type: "motor", neurons: 6 }],
        projections: [{ from: "a", to: "b", oneToOne: true }],
      },
      "oneToOne",
      "5 sources, 6 targets",
    ],
    [inside({ oneToOne: true }), "16 sources, 20 targets"],
  ],
  "pairs that are none": [
    [between({ pairs: [[0, 1]] }), "pairs", "[[0,1]]"],
    [between({ pairs: { pre: [0] } }), "pairs.post is undefined", "list"],
    [between({ pairs: { pre: [0, 20], post: [0, 0] } }), "pairs.pre[1] is 20", "from 0 to 19"],
    [between({ pairs: { pre: [0], post: [-1] } }), "pairs.post[0] is -1"],
    [between({ pairs: { pre: [0.5], post: [0] } }), "pairs.pre[0] is 0.5", "whole"],
    [between({ pairs: { pre: [0, 1], post: [0] } }), "pairs.post has 1", "pairs.pre 2"],
    [between({ pairs: { pre: [0], post: [0], weight: [1, 2] } }), "pairs.weight has 2"],
    [between({ pairs: { pre: [0], post: [0], weight: [-1] } }), "pairs.weight[0] is -1"],
    [between({ pairs: { pre: [0], post: [0], delay: [NaN] } }), "pairs.delay[0] is NaN", "ms"],
  ],
  "layouts that a rule does not allow": [
    [between({ layout: "matrix" }), '"matrix"', "sparse, dense, uniform"],
    [between({ layout: "dense", density: 0.5 }), "dense", "density 1"],
    [between({ layout: "uniform", outDegree: 5 }), "uniform", "density 1"],
    [inside({ layout: "dense" }), "dense", "themselves", '"sparse"'],
    [between({ layout: "uniform", plasticity: "stdp" }), "uniform", "plastic"],
    [between({ layout: "uniform", weight: { uniform: [0, 1] } }), "uniform", "one weight"],
    [between({ layout: "dense", delay: { uniform: [1, 5] } }), "dense", "one delay"],
    [between({ layout: "uniform", delay: { uniform: [1, 5] } }), "uniform", "one delay"],
  ],
  "weights that are none": [
    [between({ weight: -1 }), "weight is -1", "from 0"],
    [between({ weight: NaN }), "weight is NaN"],
    [between({ weight: "1" }), '"1"'],
    [between({ weight: { uniform: [1] } }), "[1]", "[low, high]"],
    [between({ weight: { uniform: [2, 1] } }), "weight is 1", "from 2"],
    [between({ weight: { uniform: [-1, 1] } }), "weight is -1"],
    [between({ weight: { normal: [1, -1] } }), "weight is -1", "from 0"],
    [between({ weight: { normal: [1, 1], uniform: [0, 1] } }), "expected a number"],
    [between({ weight: {} }), "{}", "expected a number"],
  ],
  "delays out of range": [
    [between({ delay: 0 }), "delay is 0", "from 1 to 4096", "ms"],
    [between({ delay: 0.5 }), "delay is 0.5"],
    [between({ delay: 4097 }), "delay is 4097"],
    [between({ delay: 0.2 }, 0.25), "delay is 0.2", "from 0.25 to 1024"],
    [between({ delay: -1 }), "delay is -1"],
    [between({ delay: NaN }), "delay is NaN"],
    [between({ delay: { uniform: [0, 5] } }), "delay is 0"],
    [between({ delay: { uniform: [5, 2] } }), "delay is 2", "from 5"],
    [between({ delay: { uniform: [1, 5000] } }), "delay is 5000"],
    [between({ delay: { normal: [5, 1] } }), "delay", "uniform"],
  ],
  "short-term plasticity that is none": [
    [between({ shortTerm: "depresing" }), '"depresing"', 'did you mean "depressing"?'],
    [between({ shortTerm: 5 }), "shortTerm is 5"],
    [between({ shortTerm: { use: 0 } }), "use is 0", "from 0.001 to 1"],
    [between({ shortTerm: { use: 1.1 } }), "use is 1.1"],
    [between({ shortTerm: { tauRecoveryMs: 0 } }), "tauRecoveryMs is 0", "ms"],
    [between({ shortTerm: { tauFacilitationMs: -1 } }), "tauFacilitationMs is -1"],
  ],
  "plasticity that is none": [
    [between({ plasticity: "hebb" }), '"hebb"', "stdp, rstdp"],
    [between({ plasticity: true }), "plasticity is true"],
    [between({ plasticity: { aPlus: 2 } }), "aPlus is 2", "from -1 to 1"],
    [between({ plasticity: { tauPlusMs: 0 } }), "tauPlusMs is 0", "ms"],
    [between({ plasticity: { softness: -1 } }), "softness is -1"],
    [between({ plasticity: { pairing: "some" } }), '"some"', "all, nearest"],
    [between({ plasticity: { weightMax: 0 } }), "weightMax is 0"],
    [between({ plasticity: { weightMax: NaN } }), "weightMax is NaN"],
    [between({ plasticity: { reward: { tauDopamineMs: 0 } } }), "tauDopamineMs is 0"],
    [between({ plasticity: { reward: true } }), "reward is true"],
    [between({ plasticity: { reward: { learningRate: -1 } } }), "learningRate is -1"],
    [between({ plasticity: { normalization: { mean: 0 } } }), "mean is 0", "from 0.001 to 1"],
    [between({ plasticity: { normalization: { everyMs: NaN } } }), "everyMs is NaN", "ms"],
    [between({ plasticity: { normalization: 0.5 } }), "normalization is 0.5"],
    [between({ plasticity: { normalization: { means: 1 } } }), '"means"', 'did you mean "mean"?'],
  ],
};

for (const [what, cases] of Object.entries(REFUSED)) {
  Deno.test(`refused in one line that says how: ${what}`, () => {
    for (const [spec, ...words] of cases) assertRefused(spec, ...words);
  });
}

Deno.test("one-to-one is true or false", () => {
  for (const oneToOne of ["no", 0.5, {}]) assertRefused(between({ oneToOne }), "oneToOne", JSON.stringify(oneToOne));
});

Deno.test("delays of listed pairs have the range of all delays: none is shortened or lengthened in silence", () => {
  for (const delay of [0, 0.5, 4097, 1e6]) {
    assertRefused(between({ pairs: { pre: [0], post: [0], delay: [delay] } }), `${delay}`, "from 1 to 4096");
  }
});

Deno.test("two receptors of one name but different numbers on one region are refused", () => {
  const spec = {
    regions: [{ name: "input", type: "input", neurons: 2 }, { name: "cortex", type: "association", neurons: 5 }],
    projections: [
      { from: "input", to: "cortex", receptor: { name: "slow", tauMs: 50 } },
      { from: "cortex", to: "cortex", receptor: { name: "slow", tauMs: 100 } },
    ],
  };
  assertRefused(spec, '"slow"');
});

Deno.test("one-to-one inside a region does not connect every neuron to itself", () => {
  const error = assertThrows(() => resolveSpec(inside({ oneToOne: true, source: "all" })));
  assertInstanceOf(error, InputError);
});

Deno.test("ends, transmitter and name of connections inside a region are not the user's to give", () => {
  for (const given of [{ from: "x" }, { to: "x" }, { name: "x" }, { transmitter: "gaba" }]) {
    assertRefused(region({ connectivity: { density: 0.1, ...given } }), `"${Object.keys(given)[0]}"`);
  }
});
