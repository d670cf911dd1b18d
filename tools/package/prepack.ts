import { buildCommand, COMMAND } from '../../cli/build.ts';
import { bundlePage } from '../../report/bundle-page.ts';
import { buildConstruct } from './construct.ts';
import { writeManPage } from './man-page.ts';
import { writeNotices } from './notices.ts';

/** Builds all that `npm pack` packs, without source maps. npm calls it by itself. */

const command = await buildCommand(COMMAND, { maps: false });
const construct = await buildConstruct();
await writeManPage();
const { inputs } = await bundlePage();
await writeNotices([...command, ...construct, ...inputs]);
