/**
 * Checks that imports between the folders of brainsim go one way, that none go in a circle, and that packages are named
 * in one file only. Run by `deno task imports`; prints one line for each violation.
 *
 * The text of each file is read for `import`, `export … from`, `import(…)`, `import.meta.resolve(…)` and
 * `new URL(…, import.meta.url)`; comments, strings and templates are skipped. Specifiers that are computed are not seen.
 */

/** The folders, lowest first. A file may use its own folder and everything on lower lines, nothing else. */
const LEVELS: readonly (readonly string[])[] = [
  ["src/std", "src/deps.ts", "deno.json"],
  ["src/state"],
  ["src/biology"],
  ["kernels"],
  ["src/engine"],
  ["src/brain"],
  ["src/record", "src/io", "src/plot", "src/snapshot"],
  ["src/tasks"],
  ["mod.ts"],
  ["src/cli"],
];

/** Where packages may be named (`npm:`, `jsr:`, `node:`). */
const PACKAGES = ["src/std", "src/deps.ts"];

/** One use of a file or package by a file. */
export interface Use {
  /** What stands between the quotes. */
  specifier: string;
  /** Whether it is loaded with the file; false for addresses (`new URL`, `import.meta.resolve`), such as of a worker. */
  loaded: boolean;
}

/** One import that should not be there. */
export interface Violation {
  /** The file with the import, relative to the top folder. */
  file: string;
  /** The file or package that it imports. */
  other: string;
  /** The rule that it breaks. */
  why: string;
}

/** A piece of source: a quoted text or template (`text`), or a word or single sign (`code`). */
interface Token {
  kind: "text" | "code";
  value: string;
}

/** After these a slash begins a regular expression, after anything else it divides. */
const BEFORE_PATTERN = /^(?:[([{,;:=!&|?+\-*%<>~^}]|return|typeof|case|in|of|do|else|void|delete|throw|await|yield)$/;

/** Splits TypeScript into tokens, without comments and regular expressions; exact enough to find imports. */
function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  /** For each open template: how many braces are open inside its current `${…}`. */
  const templates: number[] = [];
  let at = 0;

  /** Reads a template's characters up to its end or its next `${`. */
  function readTemplate() {
    const start = at;
    while (at < source.length && source[at] !== "`" && !source.startsWith("${", at)) {
      at += source[at] === "\\" ? 2 : 1;
    }
    tokens.push({ kind: "text", value: source.slice(start, at) });
    if (source[at] === "`") {
      at += 1;
    } else {
      templates.push(0);
      at += 2;
      tokens.push({ kind: "code", value: "+" }); // what follows is computed: never taken for a whole specifier
    }
  }

  while (at < source.length) {
    const sign = source[at];
    const last = tokens.at(-1);
    if (/\s/.test(sign)) {
      at += 1;
    } else if (source.startsWith("//", at)) {
      const end = source.indexOf("\n", at);
      at = end < 0 ? source.length : end;
    } else if (source.startsWith("/*", at)) {
      const end = source.indexOf("*/", at + 2);
      at = end < 0 ? source.length : end + 2;
    } else if (sign === '"' || sign === "'") {
      const start = ++at;
      while (at < source.length && source[at] !== sign && source[at] !== "\n") {
        at += source[at] === "\\" ? 2 : 1;
      }
      tokens.push({ kind: "text", value: source.slice(start, at) });
      at += 1;
    } else if (sign === "`") {
      at += 1;
      readTemplate();
    } else if (sign === "}" && templates.at(-1) === 0) {
      templates.pop();
      at += 1;
      readTemplate();
    } else if (
      sign === "/" && (!last || (last.kind === "code" && BEFORE_PATTERN.test(last.value)))
    ) {
      let inClass = false;
      at += 1;
      while (at < source.length && source[at] !== "\n" && (inClass || source[at] !== "/")) {
        if (source[at] === "[") inClass = true;
        if (source[at] === "]") inClass = false;
        at += source[at] === "\\" ? 2 : 1;
      }
      at += 1;
      tokens.push({ kind: "code", value: "pattern" });
    } else {
      const word = /^[\p{L}\p{N}_$]+/u.exec(source.slice(at, at + 100))?.[0] ?? sign;
      if (templates.length > 0 && word === "{") templates[templates.length - 1] += 1;
      if (templates.length > 0 && word === "}") templates[templates.length - 1] -= 1;
      tokens.push({ kind: "code", value: word });
      at += word.length;
    }
  }
  return tokens;
}

/** What a file imports or points at, in order. */
export function findUses(source: string): Use[] {
  const tokens = tokenize(source);
  const uses: Use[] = [];
  /** Whether the tokens from `index` on are these words and signs; `""` stands for any text. */
  const reads = (index: number, ...expected: string[]) =>
    expected.every((value, offset) => {
      const token = tokens[index + offset];
      if (token === undefined) return false;
      return value === "" ? token.kind === "text" : token.kind === "code" && token.value === value;
    });
  const add = (index: number, loaded: boolean) => uses.push({ specifier: tokens[index].value, loaded });

  for (let i = 0; i < tokens.length; i++) {
    if (reads(i - 1, ".")) continue; // a member that is called import or from
    if (reads(i, "import", "")) add(i + 1, true);
    else if (reads(i, "import", "(", "") && !reads(i + 3, "+")) add(i + 2, true);
    else if (reads(i, "import", ".", "meta", ".", "resolve", "(", "") && !reads(i + 7, "+")) {
      add(i + 6, false);
    } else if (reads(i, "new", "URL", "(", "", ",", "import", ".", "meta")) add(i + 3, false);
    else if (reads(i, "from", "")) add(i + 1, true);
  }
  return uses;
}

/** Whether a path is a folder (or file) or lies in it. */
function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** The level of a file and the name of its folder there; undefined when no level names it. */
function placeOf(path: string): { level: number; folder: string } | undefined {
  for (const [level, folders] of LEVELS.entries()) {
    const folder = folders.find((name) => isIn(path, name));
    if (folder !== undefined) return { level, folder };
  }
  return undefined;
}

/** The path, relative to the top folder, that a relative specifier of a file means. */
function pathOf(specifier: string, file: string): string {
  const url = new URL(specifier, `file:///top/${file}`);
  const path = decodeURIComponent(url.pathname);
  return path.startsWith("/top/") ? path.slice("/top/".length) : `..${path}`;
}

/** Why a file may not name a package, or undefined when it may. */
function packageFault(file: string, specifier: string): string | undefined {
  if (/^(?:npm|jsr|node):/.test(specifier)) {
    return PACKAGES.some((place) => isIn(file, place))
      ? undefined
      : "packages are named in src/deps.ts and src/std only";
  }
  if (/^[a-z][a-z0-9+.-]*:/i.test(specifier)) return "addresses are not imported";
  return "bare names work only where our deno.json is seen, not when mod.ts is imported from a URL";
}

/** Why a file may not import another, or undefined when it may. */
function orderFault(file: string, other: string): string | undefined {
  const from = placeOf(file);
  const to = placeOf(other);
  if (!from) return `no level is given to ${file}; add it to LEVELS in tests/import_order.ts`;
  if (!to) return "it is not among the files that are shipped (LEVELS in tests/import_order.ts)";
  if (from.folder === to.folder || to.level < from.level) return undefined;
  return to.level === from.level
    ? `${from.folder} and ${to.folder} stand side by side and may not use each other`
    : `${to.folder} stands above ${from.folder}`;
}

/** Imports that close a circle, each circle once. */
function findCircles(graph: ReadonlyMap<string, readonly string[]>): Violation[] {
  const violations: Violation[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  function visit(file: string) {
    if (done.has(file)) return;
    path.push(file);
    for (const other of graph.get(file) ?? []) {
      const start = path.indexOf(other);
      if (start >= 0) {
        const circle = [...path.slice(start), other].join(" → ");
        violations.push({ file, other, why: `it closes the circle ${circle}` });
      } else {
        visit(other);
      }
    }
    path.pop();
    done.add(file);
  }
  for (const file of graph.keys()) visit(file);
  return violations;
}

/**
 * Checks the imports of all files.
 *
 * @param files Text by path; paths are relative to the top folder, with `/`.
 * @returns What breaks the rules, files in order.
 */
export function checkImports(files: ReadonlyMap<string, string>): Violation[] {
  const violations: Violation[] = [];
  const graph = new Map<string, string[]>();
  for (const file of [...files.keys()].sort()) {
    if (!placeOf(file)) {
      const why = "no level is given to this file; add its folder to LEVELS in tests/import_order.ts";
      violations.push({ file, other: "nothing yet", why });
      continue;
    }
    const loaded: string[] = [];
    for (const use of findUses(files.get(file)!)) {
      if (!use.loaded && /^(?:https?|file|data|blob):/.test(use.specifier)) continue;
      const relative = /^\.{0,2}\//.test(use.specifier);
      // new URL("data.bin", import.meta.url) is relative too; only imports have bare names
      const bareAddress = !use.loaded && !relative && !/^[a-z]+:/i.test(use.specifier);
      if (!relative && !bareAddress) {
        const why = packageFault(file, use.specifier);
        if (why) violations.push({ file, other: use.specifier, why });
        continue;
      }
      const other = pathOf(use.specifier, file);
      const why = orderFault(file, other);
      if (why) violations.push({ file, other, why });
      else if (use.loaded && files.has(other)) loaded.push(other);
    }
    graph.set(file, loaded);
  }
  return [...violations, ...findCircles(graph)];
}

/** Reads every .ts file under a folder into `files`. */
async function readFolder(top: URL, folder: string, files: Map<string, string>): Promise<void> {
  for await (const entry of Deno.readDir(new URL(`${folder}/`, top))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) await readFolder(top, path, files);
    else if (entry.name.endsWith(".ts")) {
      files.set(path, await Deno.readTextFile(new URL(path, top)));
    }
  }
}

/** Checks the checkout that this file lies in; returns the exit code. */
async function main(): Promise<number> {
  const top = new URL("../", import.meta.url);
  const files = new Map<string, string>();
  files.set("mod.ts", await Deno.readTextFile(new URL("mod.ts", top)));
  for (const folder of ["src", "kernels"]) await readFolder(top, folder, files);
  const violations = checkImports(files);
  for (const { file, other, why } of violations) console.log(`${file} imports ${other}: ${why}`);
  if (violations.length === 0) console.log(`imports: ${files.size} files, one way`);
  return violations.length === 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main());
