import { writeFile } from 'node:fs/promises';
import { renderConfigurationPage } from './configuration-page.ts';
import { renderJsonSchema } from './json-schema.ts';
import { renderStewardJsonType } from './json-type.ts';

/* Run after every change of `schema.ts`: npm run schema */
await writeFile(new URL('steward.schema.json', import.meta.url), renderJsonSchema());
await writeFile(new URL('../docs/configuration.md', import.meta.url), renderConfigurationPage());
await writeFile(new URL('steward-json.ts', import.meta.url), renderStewardJsonType());
