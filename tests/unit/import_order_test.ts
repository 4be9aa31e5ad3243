import { assertEquals, assertMatch } from "@std/assert";
import { checkImports, findUses } from "../import_order.ts";

/** The violations of a few files, as `FILE imports OTHER`. */
function check(files: Record<string, string>): string[] {
  return checkImports(new Map(Object.entries(files))).map((v) => `${v.file} imports ${v.other}`);
}

Deno.test("imports from lower folders and the own folder are fine", () => {
  const files = {
    "mod.ts": `export * from "./src/brain/brain.ts";`,
    "src/brain/brain.ts": `import { step } from "../engine/step.ts"; import "./region.ts";`,
    "src/brain/region.ts": `import type { Dtype } from "../state/arrays.ts";`,
    "src/cli/main.ts": `import { x } from "../../mod.ts"; const y = await import("./run.ts");`,
    "src/cli/run.ts": `import { join } from "../deps.ts";`,
    "src/deps.ts": `export { join } from "npm:deno-std@1.4.0/path/mod.js";`,
    "src/engine/step.ts": `import wgsl from "../../kernels/stdp.wgsl" with { type: "text" };`,
    "src/state/arrays.ts": ``,
  };
  assertEquals(check(files), []);
});

Deno.test("an import from a higher folder is caught", () => {
  const files = { "src/engine/step.ts": `import { Brain } from "../brain/brain.ts";` };
  assertEquals(check(files), ["src/engine/step.ts imports src/brain/brain.ts"]);
});

Deno.test("biology may use state, state may not use biology", () => {
  assertEquals(check({ "src/biology/stdp.ts": `import "../state/errors.ts";` }), []);
  assertEquals(check({ "src/state/errors.ts": `import "../biology/stdp.ts";` }).length, 1);
});

Deno.test("folders side by side may not use each other", () => {
  const files = { "src/plot/raster.ts": `export { rates } from "../record/rates.ts";` };
  const [violation] = checkImports(new Map(Object.entries(files)));
  assertMatch(violation.why, /side by side/);
});

Deno.test("packages are named in deps.ts and std only, bare names nowhere", () => {
  const file = (specifier: string) => ({ "src/io/csv.ts": `import { x } from "${specifier}";` });
  for (const name of ["npm:fflate@0.8.2", "jsr:@std/path@^1", "node:fs", "@std/path", "fflate"]) {
    assertEquals(check(file(name)), [`src/io/csv.ts imports ${name}`]);
  }
  assertEquals(check({ "src/std/testing/mod.ts": `export { it } from "node:test";` }), []);
  assertEquals(check({ "src/std/path/mod.ts": `export * from "@std/path";` }).length, 1);
  assertEquals(check({ "src/io/csv.ts": `import.meta.resolve("npm:fflate@0.8.2");` }).length, 1);
});

Deno.test("a circle of files in one folder is caught, once", () => {
  const files = {
    "src/brain/a.ts": `import "./b.ts";`,
    "src/brain/b.ts": `import "./c.ts";`,
    "src/brain/c.ts": `import type { A } from "./a.ts";`,
  };
  const violations = checkImports(new Map(Object.entries(files)));
  assertEquals(violations, [{
    file: "src/brain/c.ts",
    other: "src/brain/a.ts",
    why: "it closes the circle src/brain/a.ts → src/brain/b.ts → src/brain/c.ts → src/brain/a.ts",
  }]);
});

Deno.test("a worker may import the file that starts it, and obeys the order of folders", () => {
  const start = (path: string) => `new Worker(new URL("${path}", import.meta.url));`;
  const files = {
    "src/engine/cpu.ts": start("./worker.ts"),
    "src/engine/worker.ts": `import "./cpu.ts";`,
  };
  assertEquals(check(files), []);
  assertEquals(check({ "src/engine/cpu.ts": start("../cli/worker.ts") }).length, 1);
});

Deno.test("shipped files do not use tests, and every folder has a level", () => {
  assertEquals(check({ "src/io/npy.ts": `import "../../tests/import_order.ts";` }).length, 1);
  assertEquals(check({ "src/utils/misc.ts": `` }).length, 1);
});

Deno.test("comments, strings, templates and patterns are not taken for imports", () => {
  const source = [
    "// import 'a.ts'",
    "/** ```ts\n * import { x } from 'b.ts';\n * ``` */",
    `const s = "import 'c.ts'", t = \`import "d.ts" \${f("}" + \`\${1}\`)} from "e.ts"\`;`,
    `const quote = /["'\`/]/g, half = s.length / 2 / 3;`,
    `x.import("f.ts"); import(\`\${s}.ts\`); import("g" + s);`,
    `import {\n  y,\n} from './found.ts';`,
    `export * as z from "./too.ts";`,
  ].join("\n");
  assertEquals(findUses(source).map((use) => use.specifier), ["./found.ts", "./too.ts"]);
});
