/** A parsed file, and on which line each part of it begins. */
export interface ParsedFile {
  readonly value: unknown;
  /** From 1; null where lines tell nothing, as in a file of one line. */
  lineOf(path: readonly (string | number)[]): number | null;
  /** Whether the template was synthesised by the CDK. @default false */
  readonly isCdk?: boolean;
  /** What the stack of the template is called, where somebody knows it. */
  readonly stack?: string;
}
