/**
 * Dendrites as cables: potentials against cable theory (Rall 1962). The references are closed forms, or a dense solution of
 * the same tree in its own units (tree.ts).
 */

import { assertAlmostEquals, assertEquals } from "@std/assert";
import { type Cable, cableOf, type Compartment, TEMPLATES, transferToSoma } from "../../src/biology/morphology.ts";
import { advanceCompartments, type Elimination, eliminationOf, foldCompartments } from "../../kernels/compartments.ts";
import { measured } from "./measured.ts";
import { assertWithin } from "./observe.ts";
import { AXIAL, cablePieces, denseTree, FARAD_CM2, LEAK_MV, MEMBRANE, solve, TAU_MS, valuesOf } from "./tree.ts";

/** One neuron, advanced by the kernels alone; the soma is clamped, or a passive piece of membrane. */
class Tree {
  readonly cable: Cable;
  readonly v: Float32Array;
  readonly soma = { v: new Float32Array(1), input: new Float32Array(1), conductance: new Float32Array(1) };
  readonly #dendrites: { v: Float32Array; input: Float32Array; conductance: Float32Array };
  readonly #elimination: Elimination;

  constructor(compartments: Compartment[], somaMv = LEAK_MV, readonly clamped = true) {
    const parts = compartments.length - 1;
    this.cable = cableOf(valuesOf(compartments));
    this.v = new Float32Array(parts).fill(LEAK_MV);
    this.#dendrites = { v: this.v, input: new Float32Array(parts), conductance: new Float32Array(parts) };
    this.#elimination = eliminationOf(1, parts);
    this.soma.v[0] = somaMv;
  }

  /** Advances with a current (mV/ms of the soma) into one compartment, 0: the soma; returns the current into the soma. */
  advance(dt: number, at = 0, current = 0): number {
    const { soma: { v, input, conductance }, cable } = this;
    input[0] = conductance[0] = 0;
    if (at > 0) this.#dendrites.input[at - 1] += current;
    foldCompartments(0, 1, dt, cable, this.#dendrites, this.#elimination, this.soma);
    if (!this.clamped) {
      const rate = conductance[0] + 1 / TAU_MS,
        target = (input[0] + LEAK_MV / TAU_MS + (at === 0 ? current : 0)) / rate;
      v[0] = target + (v[0] - target) * Math.exp(-rate * dt);
    }
    advanceCompartments(0, 1, cable, this.#dendrites, this.#elimination, this.soma);
    return input[0] - conductance[0] * v[0];
  }
}

Deno.test("a cable of 50 pieces with the soma clamped falls as cosh((L − x)/λ)/cosh(L/λ), within 1 %", () => {
  const length = 1000, pieces = 50, compartments = cablePieces(pieces, length, 2), somaMv = -45;
  const tree = new Tree(compartments, somaMv), lambda = 1e4 * Math.sqrt(2e-4 / 4 * MEMBRANE / AXIAL);
  for (let k = 0; k < 3; k++) tree.advance(1e7);
  let worst = 0;
  tree.v.forEach((v, k) => {
    const x = (k + 0.5) * length / pieces;
    const expected = (somaMv - LEAK_MV) * Math.cosh((length - x) / lambda) / Math.cosh(length / lambda);
    assertWithin(v - LEAK_MV, expected, 0.01, `at ${x} µm`);
    worst = Math.max(worst, Math.abs((v - LEAK_MV) / expected - 1));
  });
  measured(
    "morphology",
    "largest error of a clamped cable's potential against the closed form",
    worst,
    "1",
    import.meta,
  );
});

Deno.test("a point current in the cable gives the potentials, and the current at the clamped soma, of cable theory", () => {
  const length = 800, pieces = 80, compartments = cablePieces(pieces, length, 2), current = 0.05;
  const lambda = 1e4 * Math.sqrt(2e-4 / 4 * MEMBRANE / AXIAL), ell = length / lambda;
  const somaFarad = Math.PI * 20e-4 * 20e-4 * FARAD_CM2, ampere = current * somaFarad; // mV/ms = V/s
  const ohm = AXIAL * lambda * 1e-4 / (Math.PI * 1e-4 ** 2); // λ times the axial resistance of a length
  for (const at of [10, 40, 80]) {
    const tree = new Tree(compartments), x0 = (at - 0.5) * length / pieces / lambda;
    let into = 0;
    for (let k = 0; k < 3; k++) into = tree.advance(1e7, at, current);
    tree.v.forEach((v, k) => {
      const x = (k + 0.5) * length / pieces / lambda;
      const shape = Math.sinh(Math.min(x, x0)) * Math.cosh(ell - Math.max(x, x0)) / Math.cosh(ell);
      assertAlmostEquals(v - LEAK_MV, 1000 * ampere * ohm * shape, 0.01 * 1000 * ampere * ohm, `${at}, piece ${k}`);
    });
    assertWithin(into / current, Math.cosh(ell - x0) / Math.cosh(ell), 0.01, "current at the soma");
  }
});

Deno.test("transients: a clamped cable relaxes with τ/(1 + (π/2ℓ)²), a free one with τ", () => {
  const length = 1200, compartments = cablePieces(60, length, 2), dt = 0.02;
  const lambda = 1e4 * Math.sqrt(2e-4 / 4 * MEMBRANE / AXIAL), ell = length / lambda;
  const clamped = new Tree(compartments);
  clamped.v.fill(LEAK_MV + 20);
  const tip = () => clamped.v[clamped.v.length - 1] - LEAK_MV;
  const wait = (ms: number) => {
    for (let k = 0; k < ms / dt; k++) clamped.advance(dt);
  };
  wait(20); // faster modes die
  const before = tip();
  wait(10);
  assertWithin(10 / Math.log(before / tip()), TAU_MS / (1 + (Math.PI / (2 * ell)) ** 2), 0.02);

  // With the soma a passive piece of membrane, everything decays together, whatever the coupling and the step.
  for (const step of [0.05, 1]) {
    const free = new Tree(compartments, LEAK_MV + 10, false);
    free.v.fill(LEAK_MV + 10);
    for (let k = 0; k < TAU_MS / step; k++) free.advance(step);
    for (const v of [...free.v, free.soma.v[0]]) assertWithin(v - LEAK_MV, 10 / Math.E, 0.03 * step + 0.001);
  }
});

Deno.test("what a current brings is not lost between dendrites and soma: at any step the whole tree fills with τ", () => {
  // The mean potential, weighted with capacitance, does not depend on what flows inside.
  for (const compartments of [BRANCHING, cablePieces(30, 600, 3)]) {
    for (const dt of [0.1, 1]) {
      for (const at of [0, compartments.length - 1]) {
        const tree = new Tree(compartments, LEAK_MV, false), current = 0.3, { fromSoma } = tree.cable;
        const farad = fromSoma.map((x) => 1 / x), all = farad.reduce((a, b) => a + b);
        for (let k = 0; k < 10 / dt; k++) tree.advance(dt, at, current);
        const filled = [tree.soma.v[0], ...tree.v].reduce((sum, v, k) => sum + farad[k] * (v - LEAK_MV), 0) / all;
        const expected = current / all * TAU_MS * (1 - Math.exp(-10 / TAU_MS));
        assertWithin(filled, expected, 0.02 * dt + 0.002, `${compartments.length} parts, into ${at}, dt ${dt}`);
      }
    }
  }
});

/** Branches of different length and thickness on a branching stem. */
const BRANCHING: Compartment[] = [
  { name: "soma", parent: -1, lengthUm: 15, diameterUm: 18 },
  { name: "stem", parent: 0, lengthUm: 90, diameterUm: 3 },
  { name: "left", parent: 1, lengthUm: 150, diameterUm: 1 },
  { name: "right", parent: 1, lengthUm: 60, diameterUm: 2 },
  { name: "tip", parent: 3, lengthUm: 200, diameterUm: 0.7 },
  { name: "twig", parent: 3, lengthUm: 40, diameterUm: 0.5 },
  { name: "basal", parent: 0, lengthUm: 120, diameterUm: 2 },
];

Deno.test("attenuation and mean delay of every compartment are those of the inverted matrix of the tree", () => {
  for (const compartments of [BRANCHING, ...Object.values(TEMPLATES), cablePieces(40, 900, 1.5)]) {
    const { attenuation, delayMs } = transferToSoma(cableOf(valuesOf(compartments as Compartment[])));
    const { inner, toSoma, farad } = denseTree(compartments);
    const into = (x: readonly number[]) => x.reduce((sum, v, k) => sum + v * toSoma[k], 0);
    assertEquals([attenuation[0], delayMs[0]], [1, 0]);
    for (let k = 1; k < compartments.length; k++) {
      const unit = inner.map((_, j) => j === k - 1 ? 1 : 0), x = solve(inner, unit);
      // H(s) = cᵀ(G + sC)⁻¹b: H(0), and −H'(0)/H(0) in s.
      assertWithin(attenuation[k], into(x), 1e-9, compartments[k].name);
      const delay = 1000 * into(solve(inner, x.map((v, j) => v * farad[j]))) / into(x);
      assertWithin(delayMs[k], delay, 1e-9, compartments[k].name);
    }
  }
});

Deno.test("charge and centroid of what a brief current sends to the clamped soma are attenuation and delay", () => {
  const { attenuation, delayMs } = transferToSoma(cableOf(valuesOf(BRANCHING))), dt = 0.01;
  for (let k = 1; k < BRANCHING.length; k++) {
    const tree = new Tree(BRANCHING);
    let charge = 0, moment = 0;
    for (let step = 0; step < 300 / dt; step++) {
      const into = tree.advance(dt, k, step === 0 ? 2e6 / dt : 0);
      charge += into * dt;
      moment += into * dt * step * dt;
    }
    assertWithin(charge / 2e6, attenuation[k], 0.005, BRANCHING[k].name);
    assertWithin(moment / charge, delayMs[k], 0.02, BRANCHING[k].name);
  }
});
