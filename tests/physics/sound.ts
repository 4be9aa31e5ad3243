/** What must hold of a brain's structure at any time, whatever was born, died, formed or was pruned. */

import { assert, assertEquals } from "@std/assert";
import type { Brain } from "../../src/brain/brain.ts";
import { checkState } from "../../src/brain/check.ts";
import { livingRanges } from "../../src/brain/build.ts";

/** Claims that no synapse hangs in the air, that indices, lengths and bounds fit, and that nothing dead is active. */
export function assertSound(brain: Brain): void {
  const program = brain.program(), { arrays, alive, regions, slots, spikes } = program;
  for (const { claim, ok } of checkState(brain.spec, arrays)) assert(ok, claim);
  for (const region of regions) {
    const { living, gaps } = livingRanges(alive, region);
    assertEquals([region.living, region.gaps], [living, gaps], `ranges of ${region.name}`);
  }
  for (const projection of program.projections) {
    const { name, rows, begin, to, plasticity } = projection, target = regions[to], at = `projection.${name}`;
    if (!rows) continue;
    const { delays, rowStart } = rows, count = rowStart[rowStart.length - 1];
    for (const entry of arrays.entries()) {
      if (entry.perSynapse && entry.name.startsWith(`${at}.`)) assertEquals(entry.data.length, count, entry.name);
    }
    assertEquals([projection.weight, rows.target, rowStart], [
      arrays.get(`${at}.weight`, "f32"),
      arrays.indices(`${at}.target`),
      arrays.get(`${at}.rowStart`, "u32"),
    ]);
    assert(
      projection.weight === arrays.get(`${at}.weight`, "f32"),
      `${name}: the program holds the registry's weights`,
    );
    const listed = brain.projection(name).spec.pairs !== undefined; // as its user wishes
    const pairs = new Set<number>(), rowOf = new Uint32Array(count);
    for (let row = 0; row + 1 < rowStart.length; row++) {
      for (let k = rowStart[row]; k < rowStart[row + 1]; k++) {
        const pre = begin + Math.floor(row / delays), post = target.begin + rows.target[k];
        rowOf[k] = row;
        assert(alive[pre] === 1 && alive[post] === 1, `${name}: ${pre} to ${post}, of which one does not live`);
        const pair = pre * program.neurons + post;
        assert(listed || pre !== post, `${name}: ${pre} onto itself`);
        assert(listed || !pairs.has(pair), `${name}: ${pre} to ${post} twice`);
        pairs.add(pair);
      }
    }
    if (!plasticity?.incoming) continue;
    const { start, synapse, terminal } = plasticity.incoming, seen = new Uint8Array(count);
    assertEquals([start[0], start[start.length - 1], synapse.length], [0, count, count], `${name}: incoming`);
    for (let j = 0; j + 1 < start.length; j++) {
      for (let q = start[j]; q < start[j + 1]; q++) {
        const k = synapse[q];
        seen[k]++;
        assert(rows.target[k] === j && rowOf[k] === terminal[q], `${name}: incoming synapse ${k} of ${j}`);
      }
    }
    assert(seen.every((n) => n === 1), `${name}: each synapse comes in once`);
  }
  // Spikes of the last step: dead neurons emit none.
  const slot = (brain.stepCount - 1) % slots, boundaries = 2 * regions.length + 1;
  if (brain.stepCount === 0) return;
  const ring = spikes.ring.subarray(spikes.start[slot * boundaries], spikes.start[(slot + 1) * boundaries - 1]);
  const { last } = program.activity;
  for (const i of ring) assert(alive[i] === 1 || last[i] === brain.stepCount - 1, `${i} spiked and does not live`);
}

/** In- and out-degrees of a projection, by neuron of its regions. */
export function degrees(brain: Brain, name: string): { into: Uint32Array; from: Uint32Array } {
  const { spec: { from, to } } = brain.projection(name), { pre, post } = brain.projection(name).synapseTable();
  const count = (region: string, list: Uint32Array) => {
    const counts = new Uint32Array(brain.region(region).alive.length);
    for (const k of list) counts[k]++;
    return counts;
  };
  return { into: count(to, post), from: count(from, pre) };
}
