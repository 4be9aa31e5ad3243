/** How the text of a table is read. */
export interface ParseOptions {
  /** What stands between two fields. Default: `,`. */
  readonly separator?: string;
  /** Lines that begin with this character are skipped. Default: none. */
  readonly comment?: string;
  /** True: blanks before a field are dropped. Default: false. */
  readonly trimLeadingSpace?: boolean;
  /** True: a quote may stand inside an unquoted field, and a lone quote inside a quoted one. Default: false. */
  readonly lazyQuotes?: boolean;
  /** Fields that every row must have; 0: as many as the first row. Default: any number. */
  readonly fieldsPerRecord?: number;
  /** True: the first row is not data; without `columns` it names the columns. Default: false. */
  readonly skipFirstRow?: boolean;
  /** Names of the columns; rows then come as objects. */
  readonly columns?: readonly string[];
}

/** Options with which rows come as objects. */
export type RecordOptions =
  & ParseOptions
  & ({ readonly skipFirstRow: true } | { readonly columns: readonly string[] });

/** Options with which rows come as arrays. */
export interface RowOptions extends ParseOptions {
  readonly skipFirstRow?: false;
  readonly columns?: undefined;
}

/**
 * Reads a table (RFC 4180). Empty lines are skipped; all values are text.
 *
 * @param input The whole text; a byte order mark is ignored.
 * @param options How to read it.
 * @returns One array of fields a row, or one object a row when the columns have names.
 * @throws {SyntaxError} On a misplaced quote or a wrong number of fields; the message has line and column.
 * @throws {Error} When a row has more or fewer fields than there are column names.
 */
export function parse(input: string, options: RecordOptions): Record<string, string>[];
export function parse(input: string, options?: RowOptions): string[][];
