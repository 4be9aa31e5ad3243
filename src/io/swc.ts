/**
 * Reconstructed neurons in the SWC format (Cannon et al. 1998, J. Neurosci. Methods 84:49): one point a line, `id type x y z
 * radius parent`, in µm; type 1 soma, 2 axon, 3 basal, 4 apical dendrite; everything after # is a comment.
 *
 * Points become compartments: an unbranched path of one type is a *section*, cut into pieces of equal length; a piece's
 * diameter is the one that keeps the membrane's area (the lateral areas of the frusta between points). A neurite begins
 * at its own first point: what lies between that and the soma's point is the soma.
 */

import type { Compartment } from "../biology/morphology.ts";
import { checkNumber } from "../biology/parameters.ts";
import { FileError, show } from "../state/errors.ts";

/** One line. */
interface Point {
  id: number;
  type: number;
  at: [number, number, number];
  radius: number;
  parent: number;
  /** In the text, counted from 1. */
  line: number;
  children: Point[];
}

const SOMA = 1;
const KINDS: Readonly<Record<number, string>> = { 2: "axon", 3: "basal", 4: "apical" };

/** Shortest piece, µm: what a description of a morphology allows. */
const SHORTEST_UM = 0.1;
/** Thinnest piece, µm. */
const THINNEST_UM = 0.01;

/**
 * The compartments of a neuron in SWC text, soma first, parents before children; named `soma`, `basal0_0`, `apical3_1`,
 * `axon0_0` (section, piece within it), and `other…` for points of other types.
 *
 * A soma of one point is a sphere; of several, a chain of frusta, so that the usual three points give the sphere too; an
 * outline (at least four points around a hollow, thin beside it) is the sphere whose radius is the outline's mean distance
 * from its centre.
 *
 * @param options.maxLengthUm no piece is longer (default 100)
 * @throws {FileError} naming the line, for anything but one tree of points with a soma at its root
 *
 * @example
 * ```ts
 * import { Brain, parseSwc } from "../../mod.ts";
 * const compartments = parseSwc(`
 *   # a soma of radius 10 µm with one dendrite of 250 µm
 *   1 1 0 0 0 10 -1
 *   2 3 10 0 0 1 1
 *   3 3 260 0 0 1 2
 * `);
 * if (compartments.map(({ name }) => name).join() !== "soma,basal0_0,basal0_1,basal0_2") throw new Error("pieces");
 * const brain = new Brain();
 * brain.addRegion("cortex", "association", { neurons: 10, morphology: { compartments } });
 * ```
 */
export function parseSwc(text: string, options: { maxLengthUm?: number } = {}): Compartment[] {
  const longest = checkNumber("SWC: maxLengthUm", options.maxLengthUm ?? 100, SHORTEST_UM, 1e5, "µm");
  const points = readPoints(text), root = linkPoints(points);
  const soma = points.filter(({ type }) => type === SOMA), diameter = Math.sqrt(somaArea(soma) / Math.PI);
  const compartments: Compartment[] = [{ name: "soma", parent: -1, lengthUm: diameter, diameterUm: diameter }];
  const sections: Record<string, number> = {};
  // Depth first, in the order of the file.
  const open = neurites(root).map(({ point, from }) => ({ point, from, parent: 0 })).reverse();
  while (open.length > 0) {
    const { point, from, parent } = open.pop()!;
    const path = [point];
    let end = point;
    while (end.children.length === 1 && end.children[0].type === point.type) path.push(end = end.children[0]);
    const begins = from.type === SOMA ? atSoma(path, from, diameter / 2) : [from, ...path];
    const kind = KINDS[point.type] ?? "other", pieces = cut(begins, longest);
    const section = sections[kind] ?? 0;
    pieces.forEach(({ lengthUm, diameterUm }, k) => {
      const last = compartments.length - 1;
      compartments.push({ name: `${kind}${section}_${k}`, parent: k === 0 ? parent : last, lengthUm, diameterUm });
    });
    if (pieces.length > 0) sections[kind] = section + 1;
    const attach = pieces.length > 0 ? compartments.length - 1 : parent;
    for (const child of [...end.children].reverse()) open.push({ point: child, from: end, parent: attach });
  }
  return compartments;
}

/** Reads the lines. */
function readPoints(text: string): Point[] {
  const points: Point[] = [], lines = text.split(/\r\n|\r|\n/);
  lines.forEach((whole, k) => {
    const line = k + 1, fields = whole.replace(/#.*/, "").trim().split(/[\s,]+/);
    if (fields.length === 1 && fields[0] === "") return;
    if (fields.length < 7) {
      throw new FileError(`line ${line}: ${fields.length} fields; expected id, type, x, y, z, radius and parent`);
    }
    const [id, type, x, y, z, radius, parent] = fields.slice(0, 7).map((field, f) => {
      const value = Number(field);
      if (Number.isFinite(value)) return value;
      const name = ["id", "type", "x", "y", "z", "radius", "parent"][f];
      throw new FileError(`line ${line}: ${name} is ${show(field)}; expected a number`);
    });
    for (const [name, value] of Object.entries({ id, type, parent })) {
      if (!Number.isInteger(value)) throw new FileError(`line ${line}: ${name} is ${value}; expected a whole number`);
    }
    if (radius < 0 || (radius === 0 && type !== SOMA)) {
      throw new FileError(`line ${line}: radius is ${radius}; expected a positive number`);
    }
    points.push({ id, type, at: [x, y, z], radius, parent, line, children: [] });
  });
  if (points.length === 0) throw new FileError("it has no points; expected lines of id type x y z radius parent");
  return points;
}

/** Links the points to a tree; returns its root. */
function linkPoints(points: readonly Point[]): Point {
  const byId = new Map<number, Point>();
  for (const point of points) {
    const same = byId.get(point.id);
    if (same) throw new FileError(`line ${point.line}: id ${point.id} stands in line ${same.line} already`);
    byId.set(point.id, point);
  }
  let root: Point | undefined;
  for (const point of points) {
    const parent = byId.get(point.parent);
    if (parent) parent.children.push(point);
    else if (point.parent >= 0) {
      throw new FileError(`line ${point.line}: there is no point ${point.parent}, its parent`);
    } else if (root) {
      throw new FileError(`line ${point.line}: a second root, beside line ${root.line}; expected one tree`);
    } else root = point;
  }
  const reached = new Set<Point>(), open = root ? [root] : [];
  for (let point = open.pop(); point; point = open.pop()) {
    reached.add(point);
    open.push(...point.children);
  }
  const lost = points.find((point) => !reached.has(point));
  if (lost) throw new FileError(`line ${lost.line}: point ${lost.id} is its own ancestor, or follows one that is`);
  if (!points.some(({ type }) => type === SOMA)) {
    throw new FileError(`line ${root!.line}: there is no soma; expected points of type ${SOMA}`);
  }
  if (root!.type !== SOMA) throw new FileError(`line ${root!.line}: the root is no soma; expected type ${SOMA}`);
  const second = points.find(({ type, parent }) => type === SOMA && parent >= 0 && byId.get(parent)!.type !== SOMA);
  if (second) throw new FileError(`line ${second.line}: a second soma, on a neurite; expected one`);
  return root!;
}

/** The first points beyond the soma, and the soma's points that they follow, in the order of the file. */
function neurites(root: Point): { point: Point; from: Point }[] {
  const found: { point: Point; from: Point }[] = [], open = [root];
  for (let from = open.pop(); from; from = open.pop()) {
    for (const point of from.children) {
      if (point.type === SOMA) open.push(point);
      else found.push({ point, from });
    }
  }
  return found.sort((a, b) => a.point.line - b.point.line);
}

function distance({ at: a }: Point, { at: b }: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/** Lateral area of the frustum between two radii. */
function lateral(length: number, r0: number, r1: number): number {
  return Math.PI * (r0 + r1) * Math.hypot(length, r0 - r1);
}

/** Area of the soma, µm². */
function somaArea(soma: readonly Point[]): number {
  const sphere = (r: number) => 4 * Math.PI * r * r, first = soma[0];
  const centre = [0, 1, 2].map((axis) => soma.reduce((sum, { at }) => sum + at[axis], 0) / soma.length);
  const radius = soma.reduce((sum, { at }) => sum + Math.hypot(...at.map((x, axis) => x - centre[axis])), 0) /
    soma.length;
  const segments = soma.flatMap((point) =>
    point.children.filter(({ type }) => type === SOMA).map((child) => ({ point, child }))
  );
  const thickest = soma.reduce((most, { radius }) => Math.max(most, radius), 0);
  const longestGap = segments.reduce((most, { point, child }) => Math.max(most, distance(point, child)), 0);
  const closes = distance(first, soma[soma.length - 1]) <= 1.5 * longestGap;
  const outline = soma.length >= 4 && closes && 2 * thickest < radius;
  const area = soma.length === 1
    ? sphere(first.radius)
    : outline
    ? sphere(radius)
    : segments.reduce((sum, { point, child }) => sum + lateral(distance(point, child), point.radius, child.radius), 0);
  if (area > 0) return area;
  if (thickest > 0) return sphere(thickest);
  throw new FileError(`line ${first.line}: the soma has no size; expected a positive radius`);
}

/** A neurite's path from the soma: from its own first point, or when it has no other, from the soma's surface. */
function atSoma(path: readonly Point[], from: Point, radius: number): readonly Point[] {
  const [first] = path, far = distance(from, first);
  if (path.length > 1 || far === 0) return path;
  const share = far > radius ? radius / far : 0;
  const at = from.at.map((x, axis) => x + share * (first.at[axis] - x)) as Point["at"];
  return [{ ...first, at }, first];
}

/** Cuts a path into pieces of equal length that keep its area; none when it has no length. */
function cut(path: readonly Point[], longest: number): { lengthUm: number; diameterUm: number }[] {
  const total = path.slice(1).reduce((sum, point, k) => sum + distance(path[k], point), 0);
  if (total === 0) return [];
  const many = Math.max(1, Math.ceil(total / longest - 1e-9)), length = total / many;
  const areas = new Array<number>(many).fill(0);
  let begin = 0;
  for (let k = 1; k < path.length; k++) {
    const { radius: r0 } = path[k - 1], { radius: r1 } = path[k], far = distance(path[k - 1], path[k]);
    if (far === 0) continue;
    const end = begin + far, at = (x: number) => r0 + (r1 - r0) * (x - begin) / far;
    for (let p = Math.min(many - 1, Math.floor(begin / length)); p < many && p * length < end; p++) {
      const a = Math.max(begin, p * length), b = p === many - 1 ? end : Math.min(end, (p + 1) * length);
      if (b > a) areas[p] += lateral(b - a, at(a), at(b));
    }
    begin = end;
  }
  const lengthUm = Math.max(SHORTEST_UM, length);
  return areas.map((area) => ({ lengthUm, diameterUm: Math.max(THINNEST_UM, area / (Math.PI * lengthUm)) }));
}
