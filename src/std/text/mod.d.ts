/** How {@linkcode closestString} compares. */
export interface ClosestStringOptions {
  /** Whether upper and lower case differ. Default: false. */
  readonly caseSensitive?: boolean;
  /** The distance of two words. Default: {@linkcode levenshteinDistance}. */
  readonly compareFn?: (a: string, b: string) => number;
}

/**
 * The word nearest to a given one; the first of equally near ones.
 *
 * @param givenWord The word, perhaps mistyped.
 * @param possibleWords The words to choose from.
 * @param options How to compare.
 * @throws {TypeError} When there is no word to choose from.
 */
export function closestString(
  givenWord: string,
  possibleWords: readonly string[],
  options?: ClosestStringOptions,
): string;

/** How many characters have to be inserted, deleted or replaced to make one text of the other. */
export function levenshteinDistance(str1: string, str2: string): number;
