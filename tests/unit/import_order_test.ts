import { assertEquals, assertStringIncludes } from "@std/assert";
import { checkImports } from "../import_order.ts";

Deno.test("imports that go down, and within a folder, are fine", () => {
  const imports = new Map([
    ["src/biology/a.ts", ["src/state/b.ts", "src/biology/c.ts"]],
    ["src/deps.ts", ["npm:x@1"]],
    ["mod.ts", ["src/brain/a.ts"]],
  ]);
  assertEquals(checkImports(imports), []);
});

Deno.test("an import that goes up is reported with both files", () => {
  const [line, ...more] = checkImports(new Map([["src/state/a.ts", ["src/brain/b.ts"]]]));
  assertEquals(more, []);
  assertStringIncludes(line, "src/state/a.ts imports src/brain/b.ts");
});

Deno.test("folders side by side may not use each other", () => {
  assertEquals(checkImports(new Map([["src/io/a.ts", ["src/plot/b.ts"]]])).length, 1);
});

Deno.test("packages and bare names outside their place are reported", () => {
  for (const other of ["npm:x@1", "node:fs", "@std/assert"]) {
    assertEquals(checkImports(new Map([["src/brain/a.ts", [other]]])).length, 1, other);
  }
});

Deno.test("a circle within a folder is reported once", () => {
  const imports = new Map([["src/brain/a.ts", ["src/brain/b.ts"]], ["src/brain/b.ts", ["src/brain/a.ts"]]]);
  const lines = checkImports(imports);
  assertEquals(lines.length, 1);
  assertStringIncludes(lines[0], "circle");
});

Deno.test("a folder without a level is reported", () => {
  assertStringIncludes(checkImports(new Map([["src/new/a.ts", ["src/state/b.ts"]]]))[0], "no level");
});
