/** Where words and records go: results on stdout, progress and messages on stderr; with `--json`, JSON Lines. */

/** Version of the JSON records; they may only grow. */
const RECORD_VERSION = 1;
/** Interval of progress lines where there is no terminal, ms. */
const PROGRESS_EVERY_MS = 10_000;

/** A record's type. */
export type RecordType = "begin" | "progress" | "metric" | "checkpoint" | "warning" | "end";

/** The voice of a command. */
export class Output {
  #lastProgress = 0;
  #progressShown = false;

  constructor(readonly json: boolean, readonly quiet: boolean) {}

  /** A JSON record; nothing without `--json`. */
  record(type: RecordType, fields: Record<string, unknown>): void {
    if (this.json) this.#write(Deno.stdout, `${JSON.stringify({ type, v: RECORD_VERSION, ...fields })}\n`);
  }

  /** What the command was asked to show. */
  result(text: string): void {
    if (!this.json) this.#write(Deno.stdout, `${text}\n`);
  }

  /** What a command whose result is a file did; nothing when quiet. */
  report(text: string): void {
    if (!this.quiet) this.result(text);
  }

  /** Bytes that are the result themselves. */
  bytes(data: Uint8Array): void {
    for (let at = 0; at < data.length;) at += Deno.stdout.writeSync(data.subarray(at));
  }

  /** A message that is no result. */
  message(text: string): void {
    if (this.quiet || this.json) return;
    this.#clearProgress();
    this.#write(Deno.stderr, `${text}\n`);
  }

  /** Something the user should know, also when quiet. */
  warning(text: string): void {
    this.record("warning", { message: text });
    if (this.json) return;
    this.#clearProgress();
    this.#write(Deno.stderr, `warning: ${text}\n`);
  }

  /**
   * How far a long job is: a line that is rewritten on a terminal, a new line every 10 s elsewhere.
   * @param done fraction, 0–1
   */
  progress(done: number, text: string, startedMs: number, fields: Record<string, unknown> = {}): void {
    const now = performance.now(), terminal = Deno.stderr.isTerminal() && !this.json;
    if (now - this.#lastProgress < (terminal ? 100 : PROGRESS_EVERY_MS) && done < 1) return;
    if (!terminal && now - startedMs < PROGRESS_EVERY_MS) return;
    this.#lastProgress = now;
    const leftS = done > 0 ? (now - startedMs) * (1 - done) / done / 1000 : undefined;
    this.record("progress", { done, leftS, ...fields });
    if (this.quiet || this.json) return;
    const line = `${(100 * done).toFixed(0).padStart(3)} %  ${text}${
      leftS === undefined ? "" : `  ${duration(leftS)} left`
    }`;
    this.#write(Deno.stderr, terminal ? `\r\x1b[K${line}` : `${line}\n`);
    this.#progressShown = terminal;
  }

  #clearProgress(): void {
    if (this.#progressShown) this.#write(Deno.stderr, "\r\x1b[K");
    this.#progressShown = false;
  }

  /** Ends a progress line. */
  done(): void {
    this.#clearProgress();
  }

  #write(stream: { writeSync(data: Uint8Array): number }, text: string): void {
    const data = new TextEncoder().encode(text);
    for (let at = 0; at < data.length;) at += stream.writeSync(data.subarray(at));
  }
}

/** A time for people. */
export function duration(seconds: number): string {
  if (seconds < 1) return `${(1000 * seconds).toFixed(0)} ms`;
  if (seconds < 100) return `${seconds.toFixed(1)} s`;
  return seconds < 6000 ? `${(seconds / 60).toFixed(1)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** A time of the simulation for people: ms below a second, else s. */
export function simulated(ms: number): string {
  return ms < 1000 ? `${Number(ms.toFixed(3))} ms` : `${Number((ms / 1000).toFixed(2))} s`;
}

/** A word as it is typed in a shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A size for people. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

/** Columns of text, aligned: the first to the left, the others to the right. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>((w, row) => row.map((cell, c) => Math.max(w[c] ?? 0, cell.length)), []);
  return rows.map((row) =>
    row.map((cell, c) => c === 0 ? cell.padEnd(widths[c]) : cell.padStart(widths[c])).join("  ").trimEnd()
  ).join("\n");
}
