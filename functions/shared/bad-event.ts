import * as z from 'zod';

/** The event is wrong, so a retry can't succeed. */
export class BadEventError extends Error {
  override readonly name = 'BadEventError';
}

/** @param who the name of the function, for the message. @throws BadEventError */
export function parseEvent<T>(who: string, schema: z.ZodType<T>, event: unknown): T {
  const parsed = schema.safeParse(event);
  if (parsed.success) {
    return parsed.data;
  }
  const why = z.prettifyError(parsed.error).replaceAll('✖ ', '').replaceAll(/\s+/g, ' ');
  throw new BadEventError(
    `The event is not one that ${who} understands: ${why}. Nothing was done. See docs/functions.md for its form.`,
  );
}
