/** The kernels of a program on a device. */

import type { Kernels } from "../kernels.ts";
import { gpuNeurons, integrateWork } from "./neurons.ts";
import { groupsFor, type Place, WIDE } from "./place.ts";
import { gpuProjection } from "./projections.ts";
import type { Collected } from "./synapses.ts";

/** All kernels, bound to a place. */
export function gpuKernels(place: Place): Kernels {
  const collected: Collected = new Map(), { memory, recorder } = place;
  const projections = new Map(
    place.program.projections.map((projection) => [projection, gpuProjection(place, projection, collected)]),
  );
  const collect = [...collected.values()].filter(({ here }) => !here).map(({ sum, out, unit, inhibits, gains }) => ({
    bound: recorder.bind("collect", { sum, out: place.buffer(out), scalars: memory.scalars }),
    numbers: { targets: out.length, base: memory.offset(out), inverse: 1 / unit, inhibits: inhibits ? 1 : 0, gains },
    groups: groupsFor(out.length, WIDE),
  }));
  return {
    ...gpuNeurons(place, collected),
    integrate: integrateWork(place),
    // Counted when they are listed.
    activity: () => {},
    projection: (projection) => projections.get(projection)!,
    delivered: () => {
      for (const { bound, numbers, groups } of collect) recorder.run(bound, numbers, groups);
    },
  };
}
