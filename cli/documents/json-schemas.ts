import * as z from 'zod';
import { DOCUMENTS, type DocumentName } from './documents.ts';

/** The text of each file in `docs/schemas/`, by its name without the ending. */
export function renderDocumentSchemas(): ReadonlyMap<DocumentName, string> {
  return new Map(
    Object.entries(DOCUMENTS).map(([name, { of, schema }]) => {
      const json = z.toJSONSchema(schema, {
        target: 'draft-7',
        override: ({ jsonSchema }) => {
          // Later versions add members, and what was written against this one must go on reading them.
          if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
        },
      });
      return [
        name as DocumentName,
        `${JSON.stringify({ title: `Output of ${of.replaceAll('`', '')}`, ...json }, null, 2)}\n`,
      ];
    }),
  );
}
