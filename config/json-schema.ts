import * as z from 'zod';
import { stewardSchema } from './schema.ts';

/** The schema of `steward.json` as people write it (durations and sizes are texts), in the draft that editors know. */
export function stewardJsonSchema(): z.core.JSONSchema.BaseSchema {
  return {
    title: 'Configuration of Flink Steward',
    description: 'JSON with comments: comments and trailing commas are allowed.',
    // As Visual Studio Code and the editors that share its language server know them.
    allowComments: true,
    allowTrailingCommas: true,
    ...z.toJSONSchema(stewardSchema, { io: 'input', target: 'draft-7' }),
  };
}

/** The text of `steward.schema.json`. */
export function renderJsonSchema(): string {
  return `${JSON.stringify(stewardJsonSchema(), null, 2)}\n`;
}
