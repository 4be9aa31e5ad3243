/** A flag's name with a dot (`net.size`) becomes a nested object, so it is left to the index signature. */
type Dotted = `${string}.${string}`;

/** The keys of a record of flags; none when the names are only known when the program runs. */
type Named<Names extends string> = string extends Names ? never : Exclude<Names, Dotted>;

/** What a flag holds when it was not given: its default, else `Otherwise`. */
type Missing<Name extends string, Defaults, Otherwise> = Name extends keyof Defaults ? Defaults[Name]
  : Otherwise;

/** What `--no-NAME` makes of a negatable flag. */
type Negated<Name extends string, Negatables extends string> = Name extends Negatables ? false
  : never;

/** What {@linkcode parseArgs} is told about the flags. */
export interface ParseOptions<
  Booleans extends string = string,
  Strings extends string = string,
  Collected extends string = string,
  Negatables extends string = string,
  Defaults extends object = Record<string, unknown>,
> {
  /** True: words after `--` come back under the name `--`; false (the default): at the end of `_`. */
  readonly "--"?: boolean;
  /** Other names of a flag, such as `{ help: "h" }`; every name then holds the value. */
  readonly alias?: Readonly<Record<string, string | readonly string[]>>;
  /** Flags that take no value; absent ones are false. True: all `--flags` without `=` take none. */
  readonly boolean?: boolean | Booleans | readonly Booleans[];
  /** Values of flags that were not given. */
  readonly default?: Defaults;
  /** True: everything after the first word that is no flag goes to `_` unread. Default: false. */
  readonly stopEarly?: boolean;
  /** Flags whose value stays text, even where it looks like a number; `"_"` names the words that are no flags. */
  readonly string?: Strings | readonly Strings[];
  /** Flags that may be repeated; their values come as an array. Of any other flag the last one counts. */
  readonly collect?: Collected | readonly Collected[];
  /** Flags that `--no-NAME` sets to false. */
  readonly negatable?: Negatables | readonly Negatables[];
  /**
   * Called for every flag that no option names, and for every word that is no flag (then without `key`).
   * When it returns false the argument is left out of the result.
   */
  readonly unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** What {@linkcode parseArgs} returns. Flags that no option names, and aliases, are `unknown`. */
export type Args<
  Booleans extends string = never,
  Strings extends string = never,
  Collected extends string = never,
  Negatables extends string = never,
  Defaults extends object = Record<never, never>,
> =
  & {
    /** Any other flag: text, number, true, or an object where the name has a dot. */
    [name: string]: unknown;
    /** The words that are no flags; those that look like numbers are numbers unless `string` names `"_"`. */
    _: (string | number)[];
    /** The words after `--`, when asked for. */
    "--"?: string[];
  }
  & {
    [Name in Exclude<Named<Booleans>, Named<Collected>>]: boolean | Missing<Name, Defaults, never>;
  }
  & {
    [Name in Exclude<Named<Strings>, Named<Booleans> | Named<Collected> | "_">]:
      | string
      | Negated<Name, Negatables>
      | Missing<Name, Defaults, undefined>;
  }
  & {
    [Name in Exclude<Named<Collected>, "_">]:
      | (Name extends Strings ? string[] : Name extends Booleans ? boolean[] : unknown[])
      | Negated<Name, Negatables>
      | Missing<Name, Defaults, Name extends Strings | Booleans ? never : undefined>;
  };

/**
 * Sorts the words of a command line into flags and other words.
 *
 * `--name value`, `--name=value`, `-n value`, `-n5` and `-abc` (three flags) are understood. Without an option that
 * names it, a flag followed by a word takes the word; values that look like numbers become numbers.
 *
 * @param args The words, usually `Deno.args`.
 * @param options What is known about the flags.
 * @returns The flags by name, the other words under `_`.
 */
export function parseArgs<
  const Booleans extends string = never,
  const Strings extends string = never,
  const Collected extends string = never,
  const Negatables extends string = never,
  Defaults extends object = Record<never, never>,
>(
  args: readonly string[],
  options?: ParseOptions<Booleans, Strings, Collected, Negatables, Defaults>,
): Args<Booleans, Strings, Collected, Negatables, Defaults>;
