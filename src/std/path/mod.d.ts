/**
 * The last part of a path, `c.txt` of `a/b/c.txt`; trailing separators are ignored.
 *
 * @param path The path, or a `file:` URL.
 * @param suffix An ending to take off, such as `.txt`.
 */
export function basename(path: string | URL, suffix?: string): string;

/**
 * The path without its last part, `a/b` of `a/b/c.txt`; `.` when there is no separator.
 *
 * @param path The path, or a `file:` URL.
 */
export function dirname(path: string | URL): string;

/**
 * The ending of the last part with its dot, `.gz` of `a/b.tar.gz`; empty when there is none.
 *
 * @param path The path, or a `file:` URL.
 */
export function extname(path: string | URL): string;

/**
 * The path that a `file:` URL names, percent signs decoded.
 *
 * @throws {TypeError} When it is no `file:` URL.
 */
export function fromFileUrl(url: string | URL): string;

/** Whether a path starts at the root. */
export function isAbsolute(path: string): boolean;

/**
 * Puts paths one after the other and normalizes the result; empty ones are skipped, `.` when all are.
 *
 * @param path The first path, or a `file:` URL.
 * @param paths What follows.
 */
export function join(path: string | URL, ...paths: string[]): string;

/**
 * Resolves `.` and `..` and repeated separators; keeps one trailing separator. The disk is not looked at.
 *
 * @param path The path, or a `file:` URL.
 */
export function normalize(path: string | URL): string;

/** How `to` is reached from `from`; both are resolved against the working directory first. Empty when they are equal. */
export function relative(from: string, to: string): string;

/** The absolute path of the parts, read from right to left until one is absolute; else the working directory counts. */
export function resolve(...pathSegments: string[]): string;

/**
 * The `file:` URL of an absolute path.
 *
 * @throws {TypeError} When the path is relative.
 */
export function toFileUrl(path: string): URL;
