import { fileURLToPath } from 'node:url';

/** Where `npm run build` puts the bundles of the functions. Apart from the building, which takes a compiler. */
export const BUNDLES = fileURLToPath(new URL('../../dist/functions', import.meta.url));
