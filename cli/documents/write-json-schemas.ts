import { mkdir, writeFile } from 'node:fs/promises';
import { renderDocumentSchemas } from './json-schemas.ts';

/* Run after every change of a document: npm run schema */
const folder = new URL('../../docs/schemas/', import.meta.url);
await mkdir(folder, { recursive: true });
for (const [name, text] of renderDocumentSchemas()) {
  await writeFile(new URL(`${name}.json`, folder), text);
}
