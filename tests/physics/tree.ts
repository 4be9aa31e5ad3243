/** Trees of compartments for tests, and their dense solution. */

import { type Compartment, type MorphologyValues } from "../../src/biology/morphology.ts";

export const LEAK_MV = -65, MEMBRANE = 20_000, AXIAL = 150, FARAD_CM2 = 1e-6, TAU_MS = MEMBRANE * FARAD_CM2 * 1000;

export function valuesOf(compartments: Compartment[]): MorphologyValues {
  return {
    membraneOhmCm2: MEMBRANE,
    axialOhmCm: AXIAL,
    capacitanceUfCm2: 1,
    leakMv: LEAK_MV,
    mode: "full",
    compartments: structuredClone(compartments) as Compartment[],
  };
}

/** A soma and an unbranched cable of so many pieces. */
export function cablePieces(pieces: number, lengthUm: number, diameterUm: number): Compartment[] {
  return [
    { name: "soma", parent: -1, lengthUm: 20, diameterUm: 20 },
    ...Array.from({ length: pieces }, (_, k) => ({
      name: `c${k}`,
      parent: k,
      lengthUm: lengthUm / pieces,
      diameterUm,
    })),
  ];
}

/** The tree's conductances (S) and capacitances (F) from its sizes alone, the soma left out: it is clamped. */
export function denseTree(compartments: readonly Compartment[]) {
  const cm = 1e-4, n = compartments.length;
  const area = compartments.map((c) => Math.PI * c.diameterUm * c.lengthUm * cm * cm);
  const resistance = (c: Compartment) => AXIAL * (c.lengthUm * cm / 2) / (Math.PI * (c.diameterUm * cm / 2) ** 2);
  const matrix = Array.from({ length: n }, () => new Array<number>(n).fill(0));
  compartments.forEach((c, k) => {
    matrix[k][k] += area[k] / MEMBRANE;
    if (c.parent < 0) return;
    const g = 1 / (resistance(c) + resistance(compartments[c.parent]));
    matrix[k][k] += g;
    matrix[c.parent][c.parent] += g;
    matrix[k][c.parent] -= g;
    matrix[c.parent][k] -= g;
  });
  return {
    inner: matrix.slice(1).map((row) => row.slice(1)),
    toSoma: matrix[0].slice(1).map((g) => -g),
    farad: area.slice(1).map((a) => a * FARAD_CM2),
  };
}

/** Solves A x = b by elimination with pivots. */
export function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const a = matrix.map((row, k) => [...row, right[k]]), n = a.length;
  for (let c = 0; c < n; c++) {
    let pivot = c;
    for (let r = c + 1; r < n; r++) if (Math.abs(a[r][c]) > Math.abs(a[pivot][c])) pivot = r;
    [a[c], a[pivot]] = [a[pivot], a[c]];
    for (let r = 0; r < n; r++) {
      if (r === c) continue;
      const factor = a[r][c] / a[c][c];
      for (let k = c; k <= n; k++) a[r][k] -= factor * a[c][k];
    }
  }
  return a.map((row, k) => row[n] / row[k]);
}
