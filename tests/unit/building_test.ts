/** A brain under construction: what is refused leaves it as it was, and what it gives and takes are copies. */

import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { Brain } from "../../src/brain/brain.ts";
import type { ProjectionSpec, RegionSpec, ResolvedSpec } from "../../src/brain/spec.ts";
import { InputError } from "../../src/state/errors.ts";

/** A brain with an input and a cortex, and its description as text. */
function half(): { brain: Brain; text: () => string } {
  const brain = new Brain();
  brain.addRegion("input", "input", { neurons: 4 });
  brain.addRegion("cortex", "association", { neurons: 8, connectivity: 0.5 });
  return { brain, text: () => JSON.stringify(brain.spec) };
}

Deno.test("a refused region leaves the brain as it was, also when its connections are refused", () => {
  const { brain, text } = half(), before = text();
  const refused: [string, Omit<RegionSpec, "name" | "type">][] = [
    ["cortex", { neurons: 3 }],
    ["new", { neurons: 0 }],
    ["new", { neurons: 3, connectivity: 2 }],
    ["new", { neurons: 5, connectivity: { density: 0.1, inhibitoryWeight: -1 } }],
  ];
  for (const [name, options] of refused) {
    assertThrows(() => brain.addRegion(name, "motor", options), InputError);
    assertEquals(text(), before);
    assertEquals(brain.regions.map((r) => r.name), ["input", "cortex"]);
    assertEquals(brain.projections.map((p) => p.name), ["cortex->cortex", "cortex-|cortex"]);
  }
  brain.addRegion("new", "motor", { neurons: 3 });
});

Deno.test("a refused projection leaves the brain as it was", () => {
  const { brain, text } = half(), before = text();
  const refused: [string, string, Omit<ProjectionSpec, "from" | "to">][] = [
    ["input", "corex", {}],
    ["input", "input", {}],
    ["cortex", "cortex", {}],
    ["input", "cortex", { density: 2 }],
    ["input", "cortex", { plasticity: { aPlus: 9 } }],
    ["input", "cortex", { layout: "uniform", plasticity: "stdp" }],
  ];
  for (const [from, to, options] of refused) {
    assertThrows(() => brain.connect(from, to, options), InputError);
    assertEquals(text(), before);
    assertEquals(brain.projections.length, 2);
  }
  brain.connect("input", "cortex");
});

Deno.test("a brain that is built takes no more regions or projections, and says so", () => {
  const { brain } = half();
  brain.step();
  assertThrows(() => brain.addRegion("late", "motor", { neurons: 1 }), InputError, "built already");
  assertThrows(() => brain.connect("input", "cortex"), InputError, "built already");
});

Deno.test("the description that a brain gives out is a copy", () => {
  const { brain, text } = half(), before = text(), copy: ResolvedSpec = brain.spec;
  copy.regions[0].neurons = 99;
  copy.projections.length = 0;
  assertEquals(text(), before);
});

Deno.test("a description that is changed after it was used does not change the brain", () => {
  const pairs = { pre: [0], post: [1] };
  const { brain } = half();
  brain.connect("input", "cortex", { pairs });
  pairs.post[0] = 99;
  assertEquals(brain.spec.projections[2].pairs, { pre: [0], post: [1] });
});

Deno.test("dopamine where nothing learns from reward is refused when the brain is built", () => {
  const brain = new Brain();
  brain.addRegion("vta", "reward", { neurons: 5 });
  brain.addRegion("cortex", "association", { neurons: 5 });
  brain.connect("vta", "cortex", { transmitter: "dopamine" });
  const error = assertThrows(() => brain.step(), InputError);
  assertStringIncludes(error.message, '"vta->cortex" releases dopamine into region "cortex"');
});
