/**
 * A Deno that compiles, with the runtime that it puts into programs, from npm alone. Deno itself is there; its runtime is
 * not, but programs compiled with it are: their front part is the runtime. For Linux x64 only.
 */

/** What compiles. */
export interface Builder {
  /** Path of a Deno. */
  deno: string;
  env: Record<string, string>;
}

/** Kept between builds. */
const CACHE = `${import.meta.dirname}/cache`;

/** The Deno, and a program with the runtime of the next patch release in front. */
const DENO = {
  package: "@deno/linux-x64-glibc@2.6.8",
  path: `${CACHE}/node_modules/@deno/linux-x64-glibc/deno`,
  sha256: "8b254e08be2565f608a06bfde3f62f3aabbf8994712f0078c7a7f24bc8c46676",
};
const PROGRAM = {
  package: "@mcp-stress/linux-x64@0.2.1",
  path: `${CACHE}/node_modules/@mcp-stress/linux-x64/bin/mcp-stress`,
};
const RUNTIME = {
  path: `${CACHE}/denort-2.6.10`,
  bytes: 92_183_912,
  sha256: "1b136202dc147212ad0b129de0c10eb5f17060917c9754c7921cd68f764ad2e2",
};

/** Whether a file is there, and is what it has to be. */
async function isSound({ path, sha256 }: { path: string; sha256: string }): Promise<boolean> {
  try {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await Deno.readFile(path)));
    return digest.toHex() === sha256;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function install(): Promise<void> {
  await Deno.mkdir(CACHE, { recursive: true });
  const args = "install --no-save --no-package-lock --no-audit --no-fund --ignore-scripts".split(" ");
  const { success, stderr } = await new Deno.Command("npm", {
    args: [...args, "--prefix", CACHE, DENO.package, PROGRAM.package],
    stdin: "null",
    stdout: "null",
  }).output();
  if (!success) {
    const text = new TextDecoder().decode(stderr),
      [, why = text] = /^npm error (?!code|syscall|errno)(.*)/m.exec(text) ?? [];
    throw new Error(`npm does not deliver another one (${why.trim()})`);
  }
  const program = await Deno.readFile(PROGRAM.path);
  await Deno.writeFile(RUNTIME.path, program.subarray(0, RUNTIME.bytes));
}

/**
 * The builder, fetched when it is first asked for; nothing is used but what has the known checksum.
 * @throws {Error} where there is none
 */
export async function builderFromNpm(target: string): Promise<Builder & { name: string }> {
  const own = "x86_64-unknown-linux-gnu";
  if (Deno.build.target !== own || target !== own) throw new Error("npm has another one for Linux x64 only");
  const sound = async () => await isSound(DENO) && await isSound(RUNTIME);
  if (!await sound()) {
    await install();
    if (!await sound()) throw new Error("what npm delivers is not what is expected: checksums differ");
  }
  return { deno: DENO.path, env: { DENORT_BIN: RUNTIME.path }, name: "Deno 2.6.8 and its runtime 2.6.10" };
}
