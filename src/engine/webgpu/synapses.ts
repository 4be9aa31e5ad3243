/** The synapses of a projection on a device: in pieces that it can see, with what kernels need to find them. */

import type { AnyArray } from "../../state/arrays.ts";
import { InputError } from "../../state/errors.ts";
import type { Program, ProjectionProgram } from "../program.ts";
import { type Place, WIDE } from "./place.ts";

/** Consecutive rows of a projection with all their synapses. */
export interface Piece {
  /** First source neuron within the projection, and how many. */
  firstRow: number;
  rows: number;
  /** First synapse, and how many. */
  first: number;
  synapses: number;
  weight: GPUBuffer;
  eligibility: GPUBuffer | null;
  settled: GPUBuffer | null;
  /** Of sparse projections: the delays, then where rows begin within the piece; and targets. */
  rowStart: GPUBuffer | null;
  synapse: GPUBuffer | null;
}

/** Cuts a projection into pieces. */
export function piecesOf(place: Place, projection: ProjectionProgram, sources: number): Piece[] {
  const { memory, gpu } = place, { rows, weight, out, plasticity, delays } = projection;
  const { length: d } = delays, most = Math.floor(gpu.pieceBytes / (plasticity?.incoming ? 8 : 4)); // incoming synapses take two words
  const rewarded = plasticity?.synapses.rewarded,
    starts = (row: number) => rows ? rows.rowStart[row * d] : row * out.length;
  const pieces: Piece[] = [];
  for (let firstRow = 0; firstRow < sources || pieces.length === 0;) {
    let end = firstRow + 1;
    if (sources === 0) end = 0;
    while (end < sources && starts(end + 1) - starts(firstRow) <= most) end++;
    const first = starts(firstRow), last = starts(end);
    const part = (array: AnyArray) => memory.piece(array, first, last);
    let rowStart: GPUBuffer | null = null;
    if (rows) {
      const words = Uint32Array.from(rows.rowStart.subarray(firstRow * d, end * d + 1), (start) => start - first);
      const all = new Uint32Array(d + words.length);
      all.set(delays);
      all.set(words, d);
      rowStart = memory.words(all.length, "rows", all);
    }
    pieces.push({
      firstRow,
      rows: end - firstRow,
      first,
      synapses: last - first,
      weight: part(weight),
      eligibility: rewarded ? part(rewarded.eligibility) : null,
      settled: rewarded ? part(rewarded.settled) : null,
      rowStart,
      synapse: rows ? part(rows.target) : null,
    });
    firstRow = end;
    if (sources === 0) break;
  }
  return pieces;
}

/** Threads that share a row of so many synapses: a power of two. */
export function lanesFor(synapses: number): number {
  return 2 ** Math.max(0, Math.min(Math.log2(WIDE), Math.round(Math.log2(Math.max(1, synapses)) - 1)));
}

const incoming = new WeakMap<Piece, { incomingStart: GPUBuffer; incoming: GPUBuffer }>();

/** The incoming synapses of a piece by target: the synapse within the piece, and its terminal. */
export function incomingOf(place: Place, { plasticity, out }: ProjectionProgram, pieces: Piece[], index: number) {
  const piece = pieces[index], known = incoming.get(piece);
  if (known) return known;
  const { start, synapse, terminal } = plasticity!.incoming!, { first, synapses } = piece;
  const words = new Uint32Array(2 * synapses), starts = new Uint32Array(out.length + 1);
  let count = 0;
  for (let j = 0; j < out.length; j++) {
    starts[j] = count;
    for (let q = start[j]; q < start[j + 1]; q++) {
      const k = synapse[q] - first;
      if (k < 0 || k >= synapses) continue;
      words[2 * count] = k;
      words[2 * count++ + 1] = terminal[q];
    }
  }
  starts[out.length] = count;
  const made = {
    incomingStart: place.memory.words(starts.length, "incoming start", starts),
    incoming: place.memory.words(words.length, "incoming", words),
  };
  incoming.set(piece, made);
  return made;
}

/** Sums of what arrives, as integers, by what they are added to. */
export type Collected = Map<string, Accumulator>;

/** What several projections add to. */
export interface Accumulator {
  /** One integer a target. */
  sum: GPUBuffer;
  /** What a current or conductance of one is in the sum: a power of two. */
  unit: number;
  out: Float32Array;
  /** Whether the kernel of the receptor collects it, because it is the only sum for that. */
  here: boolean;
  inhibits: boolean;
  gains: number;
}

/** Factor between the largest sums of projections that still share a sum: a strong one would leave a weak one few bits. */
const ALIKE = 2 ** 8;
/** Smallest weight that is told from zero, relative to the mean weight of a projection. */
const FINEST = 2 ** -10;

/**
 * The accumulator that a sparse projection adds to.
 * @throws {InputError} when its weights are so small beside what may arrive that integers would not tell them apart
 */
export function accumulatorOf(place: Place, projection: ProjectionProgram, collected: Collected): Accumulator {
  const { out, to } = projection, { program: { projections, regions } } = place;
  const key = keyOf(projection, place), known = collected.get(key);
  if (known) return known;
  const together = projections.filter((p) => p.rows && keyOf(p, place) === key), unit = unitFor(place, together);
  for (const { name, weight, scale } of together) {
    let sum = 0, positive = 0;
    for (const w of weight) {
      sum += w;
      if (w > 0) positive++;
    }
    if (positive > 0 && FINEST * sum / positive * Math.abs(scale) * unit < 1) {
      throw new InputError(
        `Cannot run on webgpu: the weights of "${name}" (mean ${
          (sum / positive).toPrecision(3)
        }) are too small beside ` +
          "the largest sum that may arrive, which has to fit into an integer; lower its weightMax, or run on the CPU",
      );
    }
  }
  const made = {
    sum: place.memory.words(out.length, "sum"),
    unit,
    out,
    here: regions[to].receptors.some(({ g }) => g === out) &&
      projections.every((p) => !p.rows || p.out !== out || keyOf(p, place) === key),
    inhibits: isScaled(projection, place.program),
    gains: place.gainsOf(regions[to]),
  };
  collected.set(key, made);
  return made;
}

/** Whether serotonin scales what arrives: that is done when sums are collected. */
function isScaled({ sign, to }: ProjectionProgram, { regions }: Program): boolean {
  return sign < 0 && regions[to].mechanisms.has("modulators");
}

/** Projections with the same key add to the same sum. */
function keyOf(projection: ProjectionProgram, place: Place): string {
  const { memory, program } = place, { out } = projection;
  const size = Math.floor(Math.log2(Math.max(1e-30, place.largestSum(projection))) / Math.log2(ALIKE));
  return `${memory.nameOf(out)}:${memory.offset(out)}:${isScaled(projection, program)}:${size}`;
}

/** The largest unit with which the largest sum fits into 31 bits. */
function unitFor(place: Place, together: readonly ProjectionProgram[]): number {
  const most = together.reduce((sum, p) => sum + place.largestSum(p), 0);
  return 2 ** Math.min(100, Math.floor(Math.log2(2 ** 31 / Math.max(1.001 * most, 1e-30))));
}
