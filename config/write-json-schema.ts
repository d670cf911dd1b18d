import { writeFile } from 'node:fs/promises';
import { renderJsonSchema } from './json-schema.ts';

/* Run after every change of `schema.ts`: npx tsx config/write-json-schema.ts */
await writeFile(new URL('steward.schema.json', import.meta.url), renderJsonSchema());
