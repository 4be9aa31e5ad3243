/**
 * Checks that imports between the folders of brainsim go one way, that none go in a circle, and that packages are named
 * in one file only. Run by `deno task imports`; prints one line for each violation. What a file imports is what Deno's
 * own module graph says (`deno info --json`).
 */

/** The folders, lowest first. A file may use its own folder and everything on lower lines, nothing else. */
const LEVELS: readonly (readonly string[])[] = [
  ["src/std", "src/deps.ts", "deno.json"],
  ["src/state"],
  ["src/biology"],
  ["kernels"],
  ["src/engine"],
  ["src/brain"],
  ["src/record", "src/io", "src/plot", "src/snapshot", "src/analysis"],
  ["src/evaluation"],
  ["src/tasks"],
  ["mod.ts"],
  ["src/cli"],
];

/** Where packages may be named. */
const PACKAGES = ["src/std", "src/deps.ts"];

/** What each file imports: paths relative to the top folder, or package specifiers as written. */
export type Imports = ReadonlyMap<string, readonly string[]>;

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function placeOf(path: string): { level: number; folder: string } | undefined {
  for (const [level, folders] of LEVELS.entries()) {
    const folder = folders.find((name) => isIn(path, name));
    if (folder !== undefined) return { level, folder };
  }
  return undefined;
}

/** Why a file may not import another file or package, or undefined when it may. */
function fault(file: string, other: string): string | undefined {
  if (/^(npm|jsr|node):/.test(other)) {
    return PACKAGES.some((place) => isIn(file, place))
      ? undefined
      : "packages are named in src/deps.ts and src/std only";
  }
  if (other.startsWith("@")) {
    return "bare names work only where our deno.json is seen, not when mod.ts is imported from a URL";
  }
  const from = placeOf(file), to = placeOf(other);
  if (!from) return `no level is given to ${file}; add its folder to LEVELS in tests/import_order.ts`;
  if (!to) return "it is not among the files that are shipped (LEVELS in tests/import_order.ts)";
  if (from.folder === to.folder || to.level < from.level) return undefined;
  return to.level === from.level
    ? `${from.folder} and ${to.folder} stand side by side and may not use each other`
    : `${to.folder} stands above ${from.folder}`;
}

/** Imports that close a circle, each circle once. */
function circles(imports: Imports): string[] {
  const found: string[] = [], done = new Set<string>(), path: string[] = [];
  const visit = (file: string) => {
    if (done.has(file)) return;
    path.push(file);
    for (const other of imports.get(file) ?? []) {
      const start = path.indexOf(other);
      if (start >= 0) {
        found.push(`${file} imports ${other}: it closes the circle ${[...path.slice(start), other].join(" → ")}`);
      } else visit(other);
    }
    path.pop();
    done.add(file);
  };
  for (const file of imports.keys()) visit(file);
  return found;
}

/** What breaks the rules, one line each. */
export function checkImports(imports: Imports): string[] {
  const wrong = [...imports].flatMap(([file, others]) =>
    others.flatMap((other) => {
      const why = fault(file, other);
      return why ? [`${file} imports ${other}: ${why}`] : [];
    })
  );
  return [...wrong, ...circles(imports)];
}

/** The part of `deno info --json` that is read here. */
interface Graph {
  modules: { specifier: string; dependencies?: { specifier: string; code?: Target; type?: Target }[] }[];
}
interface Target {
  specifier?: string;
}

/** The imports of everything that a file reaches within the checkout. */
async function readGraph(top: URL, file: string): Promise<Imports> {
  const command = new Deno.Command(Deno.execPath(), { args: ["info", "--json", file], cwd: top, stderr: "inherit" });
  const { modules } = JSON.parse(new TextDecoder().decode((await command.output()).stdout)) as Graph;
  const ours = modules.filter(({ specifier }) => specifier.startsWith(top.href));
  return new Map(ours.map(({ specifier, dependencies = [] }) => {
    const others = dependencies.map((d) => {
      const target = d.code?.specifier ?? d.type?.specifier;
      return target?.startsWith(top.href) && !d.specifier.startsWith("@") ? target.slice(top.href.length) : d.specifier;
    });
    return [specifier.slice(top.href.length), others];
  }));
}

/** Every .ts file under a folder. */
async function* files(top: URL, folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(new URL(`${folder}/`, top))) {
    if (isDirectory) yield* files(top, `${folder}/${name}`);
    else if (name.endsWith(".ts") && !name.endsWith(".d.ts")) yield `${folder}/${name}`;
  }
}

if (import.meta.main) {
  const top = new URL("../", import.meta.url);
  const imports = new Map(await readGraph(top, "src/cli/main.ts"));
  for (const folder of ["src", "kernels"]) {
    for await (const file of files(top, folder)) {
      if (imports.has(file)) continue;
      for (const [name, others] of await readGraph(top, file)) imports.set(name, others);
    }
  }
  for (const [name, others] of await readGraph(top, "mod.ts")) imports.set(name, others);
  const wrong = checkImports(imports);
  for (const line of wrong) console.log(line);
  if (wrong.length > 0) Deno.exit(1);
  console.log(`imports: ${imports.size} files, one way`);
}
