/** A description that is resolved says everything, and resolves to itself. */

import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { leavesOf } from "../../src/biology/parameters.ts";
import { PROJECTION_OPTIONS, REGION_OPTIONS } from "../../src/brain/options.ts";
import { PRESETS } from "../../src/brain/presets.ts";
import { resolveSpec, writeOutConnectivity } from "../../src/brain/resolve.ts";
import type { BrainSpec } from "../../src/brain/spec.ts";
import { InputError } from "../../src/state/errors.ts";
import { between, inside, region } from "./descriptions.ts";

Deno.test("rules switched off with undefined or false are not given", () => {
  const { projections: [p] } = resolveSpec(between({ density: undefined, oneToOne: false, outDegree: 3 }));
  assertEquals([p.density, p.oneToOne, p.outDegree], [undefined, undefined, 3]);
});

/** A description that uses every option. */
const EVERYTHING = {
  dt: 0.5,
  seed: 7,
  scheme: "izhikevich2003",
  regions: [
    { name: "eye", type: "input", neurons: 12 },
    {
      name: "cortex",
      type: "association",
      neurons: 30,
      pattern: "chattering",
      inhibitoryPattern: { a: 0.1, b: 0.2, c: -60, d: 3 },
      inhibitory: 0.3,
      noise: { excitatory: 2 },
      connectivity: { density: 0.2, weight: { normal: [1, 0.2] }, plasticity: "stdp", inhibitoryWeight: 3 },
    },
    { name: "out", type: "motor", neurons: 12, noise: 1, inhibitory: 0 },
  ],
  projections: [
    {
      from: "eye",
      to: "cortex",
      outDegree: 3,
      delay: { uniform: [0.5, 4] },
      receptor: "ampa",
      shortTerm: "depressing",
    },
    { from: "eye", to: "out", oneToOne: true, shortTerm: { use: 0.3 } },
    {
      from: "cortex",
      to: "out",
      inDegree: 2,
      plasticity: { pairing: "nearest", reward: {}, softness: 0.5, normalization: {} },
    },
    { from: "cortex", to: "out", name: "second", density: 1, plasticity: "rstdp", receptor: { tauMs: 3 } },
    { from: "cortex", to: "cortex", name: "lateral", layout: "uniform", transmitter: "gaba", source: "all" },
    {
      from: "eye",
      to: "cortex",
      name: "listed",
      pairs: { pre: [0, 1], post: [2, 3], weight: [1, 2], delay: [1, 2] },
      receptor: { name: "own", tauMs: 7, reversalMv: -10 },
    },
  ],
};

Deno.test("a resolved description resolves to itself", () => {
  const specs = [
    EVERYTHING,
    ...Object.values(PRESETS).map(({ spec }) => spec),
    resolveSpec(region({ connectivity: 0.3 })),
  ];
  for (const spec of specs) {
    const once = resolveSpec(spec);
    assertEquals(resolveSpec(once), once);
    assertEquals(JSON.stringify(resolveSpec(JSON.parse(JSON.stringify(once)))), JSON.stringify(once));
  }
});

Deno.test("a resolved description leaves no default open", () => {
  const { regions, projections } = resolveSpec(EVERYTHING);
  for (const r of regions) {
    for (const key of ["name", "type", "neurons", "pattern", "inhibitoryPattern", "inhibitory", "noise"]) {
      assert(Object.hasOwn(r, key), `${r.name} has no ${key}`);
    }
  }
  for (const p of projections) {
    for (const key of ["name", "from", "to", "transmitter", "source", "layout", "weight", "delay", "receptor"]) {
      assert(Object.hasOwn(p, key), `${p.name} has no ${key}`);
    }
    const rules = ["density", "outDegree", "inDegree", "oneToOne", "pairs"].filter((rule) => Object.hasOwn(p, rule));
    assertEquals(rules.length, 1, p.name);
  }
});

Deno.test("resolving does not change what it is given", () => {
  const given = structuredClone(EVERYTHING);
  resolveSpec(given);
  assertEquals(given, EVERYTHING);
});

Deno.test("the tables of options are what descriptions take: the same names, and the defaults that {} gives", () => {
  const resolved = (of: string, given: Record<string, unknown>) => {
    const region = {
      name: "a",
      type: "association",
      neurons: 16,
      positions: { grid: [4, 4] },
      ...of === "region" && given,
    };
    const projection = { from: "a", to: "a", name: "p", ...of === "projection" && given };
    const { regions, projections } = resolveSpec({ regions: [region], projections: [projection] });
    return (of === "region" ? regions : projections)[0] as unknown as Record<string, unknown>;
  };
  const all = [...Object.entries(REGION_OPTIONS).map(([name, option]) => ({ of: "region", name, ...option }))].concat(
    Object.entries(PROJECTION_OPTIONS).map(([name, option]) => ({ of: "projection", name, ...option })),
  );
  let leaves = 0;
  for (const { of, name, parameters, names = [] } of all) {
    if (!parameters) continue;
    const { message } = assertThrows(() => resolved(of, { [name]: { zzz: 1 } }), InputError);
    const known = Object.keys(parameters);
    if (known.length > 0) assertStringIncludes(message, `no option "zzz"; known options: ${known.join(", ")}`);
    // A receptor has no defaults, and a receptive field must fit.
    if (name === "receptor" || name === "receptiveField") continue;
    for (const own of names) resolved(of, { [name]: own });
    const groups = Object.keys(parameters).filter((key) => typeof parameters[key].meaning !== "string");
    const given = Object.fromEntries(groups.map((key) => [key, {}]));
    const values = resolved(of, { [name]: given })[name];
    for (const leaf of leavesOf(parameters)) {
      const value = leaf.name.split(".").reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], values);
      // What the rule does not read is not there.
      if (typeof leaf.default !== "number" || (name === "plasticity" && value === undefined)) continue;
      assertEquals(value, leaf.default, `${name}.${leaf.name}`);
      leaves++;
    }
  }
  assert(leaves > 80, `${leaves} defaults`);
});

Deno.test("connectivity that is written out as projections describes the same brain", () => {
  const spec: BrainSpec = {
    dt: 0.5,
    regions: [
      { name: "a", type: "association", neurons: 20, connectivity: 0.3 },
      { name: "b", type: "sensory", neurons: 10, inhibitory: 0, connectivity: { outDegree: 3, structure: true } },
      {
        name: "c",
        type: "memory",
        neurons: 10,
        connectivity: { receptor: "ampa", plasticity: "stdp", shortTerm: "depressing", delay: { uniform: [1, 3] } },
      },
      { name: "d", type: "motor", neurons: 10, inhibitory: 1, connectivity: { density: 0.2, inhibitoryWeight: 3 } },
      { name: "e", type: "input", neurons: 10 },
    ],
    projections: [{ from: "e", to: "a" }, { from: "a", to: "b", transmitter: "serotonin" }],
  };
  const written = writeOutConnectivity(spec);
  assertEquals([written.regions.some((r) => r.connectivity !== undefined), written.projections!.length], [false, 8]);
  assertEquals(resolveSpec(written), resolveSpec(spec));
  for (const { spec } of Object.values(PRESETS)) {
    assertEquals(resolveSpec(writeOutConnectivity(spec)), resolveSpec(spec));
  }
});

Deno.test("connectivity becomes one projection from each population, named by its arrow", () => {
  const { projections } = resolveSpec(region({ connectivity: 0.1 }));
  assertEquals(projections.map(({ name, transmitter, source }) => [name, transmitter, source]), [
    ["cortex->cortex", "glutamate", "excitatory"],
    ["cortex-|cortex", "gaba", "inhibitory"],
  ]);
  const one = (inhibitory: number) =>
    resolveSpec(region({ inhibitory, connectivity: 0.1 })).projections.map(({ name }) => name);
  assertEquals([one(0), one(1)], [["cortex->cortex"], ["cortex-|cortex"]]);
});

Deno.test("inhibitory weights inside a region are twice the excitatory ones unless given", () => {
  const weights = (connectivity: unknown) =>
    resolveSpec(region({ connectivity })).projections.map(({ weight }) => weight);
  assertEquals(weights({ weight: 3 }), [3, 6]);
  assertEquals(weights({ weight: { uniform: [1, 2] } }), [{ uniform: [1, 2] }, { uniform: [2, 4] }]);
  assertEquals(weights({ weight: { normal: [1, 0.5] } }), [{ normal: [1, 0.5] }, { normal: [2, 1] }]);
  assertEquals(weights({ weight: 3, inhibitoryWeight: 4 }), [3, 4]);
});

Deno.test("layouts default to dense for all-to-all between regions, else sparse", () => {
  const layout = (spec: unknown) => resolveSpec(spec).projections[0].layout;
  assertEquals(layout(between({ density: 1 })), "dense");
  assertEquals(layout(between({ density: 0.99 })), "sparse");
  assertEquals(layout(inside({ density: 1 })), "sparse");
  assertEquals(layout(between({ layout: "uniform" })), "uniform");
  assertEquals(resolveSpec(between({ layout: "dense" })).projections[0].density, 1);
});
