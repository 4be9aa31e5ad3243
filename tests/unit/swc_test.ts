/** Reconstructed neurons: SWC text to compartments that keep length and area. */

import { assertAlmostEquals, assertEquals, assertLess, assertStringIncludes, assertThrows } from "@std/assert";
import type { Compartment } from "../../src/biology/morphology.ts";
import { Brain } from "../../src/brain/brain.ts";
import { parseSwc } from "../../src/io/swc.ts";
import { FileError, InputError } from "../../src/state/errors.ts";

const area = (parts: readonly Compartment[]) =>
  parts.reduce((sum, { lengthUm, diameterUm }) => sum + Math.PI * lengthUm * diameterUm, 0);
const shape = (parts: readonly Compartment[]) => parts.map(({ name, parent }) => `${name}<${parent}`).join(" ");
const close = (a: number, b: number) => assertAlmostEquals(a, b, 1e-9 * Math.abs(b));

/** A soma, a basal tree that branches, an apical path of 250 µm, an axon. */
const NEURON = `# a small neuron
1 1 0 0 0 10 -1
2 3 0 -10 0 2 1
3 3 0 -60 0 1 2
4 3 -40 -90 0 0.5 3   # left
5 3 40 -90 0 0.5 3
6 4 0 10 0 2 1

7 4 0 260 0 2 6
8 2 10 0 0 0.5 1
9 2 40 0 0 0.5 8
`;

Deno.test("unbranched paths are cut into equal pieces, named by kind, section and piece, parents first", () => {
  const parts = parseSwc(NEURON);
  assertEquals(
    shape(parts),
    "soma<-1 basal0_0<0 basal1_0<1 basal2_0<1 apical0_0<0 apical0_1<4 apical0_2<5 axon0_0<0",
  );
  assertEquals(parts.map(({ lengthUm }) => lengthUm), [20, 50, 50, 50, 250 / 3, 250 / 3, 250 / 3, 30]);
  assertEquals(parts.slice(4, 7).map(({ diameterUm }) => Math.round(1e9 * diameterUm) / 1e9), [4, 4, 4]);
  const frustum = (length: number, r0: number, r1: number) => Math.PI * (r0 + r1) * Math.hypot(length, r0 - r1);
  close(area(parts.slice(1, 2)), frustum(50, 2, 1));
  close(area(parts.slice(2, 3)), frustum(50, 1, 0.5));
});

Deno.test("whatever the pieces' length, the area of a neurite stays and no piece is longer", () => {
  const whole = parseSwc(NEURON, { maxLengthUm: 1e5 });
  for (const maxLengthUm of [100, 33, 10, 1]) {
    const parts = parseSwc(NEURON, { maxLengthUm });
    for (const kind of ["soma", "basal", "apical", "axon"]) {
      const of = (list: Compartment[]) => list.filter(({ name }) => name.startsWith(kind));
      close(area(of(parts)), area(of(whole)));
    }
    for (const { name, lengthUm } of parts) if (name !== "soma") assertLess(lengthUm, maxLengthUm + 1e-9);
    parts.forEach(({ parent }, k) => assertLess(parent, Math.max(k, 0)));
  }
});

Deno.test("a soma of one point, of three points, and an outline of the same sphere have the same area", () => {
  const sphere = 4 * Math.PI * 64;
  const one = parseSwc("1 1 5 5 5 8 -1"), three = parseSwc("1 1 0 0 0 8 -1\n2 1 0 -8 0 8 1\n3 1 0 8 0 8 1");
  const outline = parseSwc(
    Array.from({ length: 12 }, (_, k) => {
      const angle = 2 * Math.PI * k / 12;
      return `${k + 1} 1 ${8 * Math.cos(angle)} ${8 * Math.sin(angle)} 0 0.1 ${k === 0 ? -1 : k}`;
    }).join("\n"),
  );
  for (const parts of [one, three, outline]) {
    assertEquals(shape(parts), "soma<-1");
    assertEquals(parts[0].lengthUm, parts[0].diameterUm);
    assertAlmostEquals(area(parts), sphere, 1e-6 * sphere);
  }
  const stack = parseSwc("1 1 0 0 0 2 -1\n2 1 0 5 0 6 1\n3 1 0 10 0 6 2\n4 1 0 15 0 2 3");
  close(area(stack), 2 * Math.PI * 8 * Math.hypot(5, 4) + Math.PI * 12 * 5);
});

Deno.test("a neurite of one point reaches from the soma's surface; one without length leaves no piece", () => {
  const [soma, only] = parseSwc("1 1 0 0 0 10 -1\n2 3 0 30 0 1 1");
  assertEquals([soma.name, only.name, only.lengthUm], ["soma", "basal0_0", 20]);
  close(only.diameterUm, 2);
  assertEquals(
    shape(parseSwc("1 1 0 0 0 10 -1\n2 3 0 10 0 1 1\n3 3 0 10 0 1 2\n4 2 10 0 0 1 1\n5 2 30 0 0 1 4")),
    "soma<-1 axon0_0<0",
  );
});

Deno.test("a change of type begins a section, other types are called other, lines may stand in any order", () => {
  const parts = parseSwc("4 7 0 90 0 1 3\n3 2 0 60 0 1 2\n2 3 0 30 0 1 9\r\n9 3 0 10 0 1 1\n1 1 0 0 0 10 -1");
  assertEquals(shape(parts), "soma<-1 basal0_0<0 axon0_0<1 other0_0<2");
  assertEquals(parts.slice(1).map(({ lengthUm }) => lengthUm), [20, 30, 30]);
});

Deno.test("a path of many thousand points is read", () => {
  const lines = Array.from({ length: 20_000 }, (_, k) => `${k + 2} 3 0 ${10 + k * 0.5} 0 0.5 ${k + 1}`);
  const parts = parseSwc(["1 1 0 0 0 10 -1", ...lines].join("\n"));
  assertEquals(parts.length, 1 + 100);
  assertAlmostEquals(area(parts.slice(1)), Math.PI * 9999.5, 1e-3);
});

Deno.test("what is no tree with a soma at its root is refused, with the line", () => {
  const cases: [string, ...string[]][] = [
    ["", "no points"],
    ["# nothing", "no points"],
    ["1 1 0 0 0 10", "line 1", "6 fields"],
    ["1 1 0 0 0 10 -1\n2 3 0 ten 0 1 1", "line 2", 'y is "ten"'],
    ["1 1 0 0 0 NaN -1", "line 1", 'radius is "NaN"'],
    ["1 1 0 0 0 10 -1\n2.5 3 0 1 0 1 1", "line 2", "id is 2.5"],
    ["1 1 0 0 0 10 -1\n2 3 0 1 0 0 1", "line 2", "radius is 0"],
    ["1 1 0 0 0 -1 -1", "line 1", "radius is -1"],
    ["1 1 0 0 0 0 -1", "line 1", "no size"],
    ["1 1 0 0 0 10 -1\n\n2 3 0 1 0 1 7", "line 3", "no point 7"],
    ["1 1 0 0 0 10 -1\n1 3 0 1 0 1 1", "line 2", "id 1", "line 1"],
    ["1 1 0 0 0 10 -1\n2 1 0 1 0 1 -1", "line 2", "second root"],
    ["1 1 0 0 0 10 -1\n2 3 0 1 0 1 3\n3 3 0 2 0 1 2", "line 2", "ancestor"],
    ["1 1 0 0 0 10 2\n2 3 0 1 0 1 1", "line 1", "ancestor"],
    ["1 3 0 0 0 1 -1\n2 3 0 1 0 1 1", "line 1", "no soma"],
    ["1 3 0 0 0 1 -1\n2 1 0 1 0 1 1", "line 1", "the root is no soma"],
    ["1 1 0 0 0 1 -1\n2 3 0 1 0 1 1\n3 1 0 2 0 1 2", "line 3", "second soma"],
  ];
  for (const [text, ...words] of cases) {
    const { message } = assertThrows(() => parseSwc(text), FileError);
    for (const word of words) assertStringIncludes(message, word);
  }
  for (const maxLengthUm of [0, -1, NaN]) {
    assertThrows(() => parseSwc(NEURON, { maxLengthUm }), InputError, "maxLengthUm");
  }
});

Deno.test("a region takes what was read, before the brain is built", async () => {
  const brain = new Brain(), compartments = parseSwc(NEURON);
  brain.addRegion("eye", "input", { neurons: 5 });
  const cortex = brain.addRegion("cortex", "association", { neurons: 8, noise: 3, memory: true });
  cortex.enableMorphology({ compartments });
  brain.connect("eye", "cortex", { density: 1, compartment: "apical0_2", receptor: "ampa" });
  assertEquals(brain.spec.regions[1].morphology!.compartments, compartments);
  assertThrows(() => cortex.enableMorphology("stellate"), InputError, 'no such compartment "apical0_2"');
  assertThrows(() => cortex.enableMorphology("pyramid" as never), InputError, 'did you mean "pyramidal"?');
  assertThrows(() => brain.region("eye").enableMorphology(), InputError, "no membrane");
  assertEquals(cortex.spec.morphology!.compartments.length, compartments.length);
  // Described in one go, or step by step: the same description, so that states can be copied.
  Brain.fromSpec(JSON.parse(JSON.stringify(brain.spec))).copyFrom(brain);
  await brain.run(50);
  assertThrows(() => cortex.enableMorphology(), InputError, "built already");
});
