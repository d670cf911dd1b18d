import { count } from '../quantity.ts';
import type { AreaFolder } from './area-folders.ts';
import { shownPlace } from './draft.ts';
import type { ElsewhereAnswer, Reasoned } from './proposed.ts';
import type { Site, SiteKind } from './sites.ts';

/** Why an entry is proposed, in sentences for the comments of `steward.json`. */

/** Why a folder belongs into the area. */
export function areaReason({ path, sites, randomFolders }: AreaFolder): Reasoned {
  const parts = sites.map((site) => contentWords(site)).filter((text, at, all) => all.indexOf(text) === at);
  const [first = 'Flink state', ...others] = parts.slice(0, 4);
  const more = parts.length > 4 ? ', and more' : '';
  const whole = path === '' ? ' This state is in the top folder of the bucket, so the area is the whole bucket.' : '';
  const entropy =
    randomFolders === undefined
      ? ''
      : ' Folders with random names (s3.entropy.key) are below it. Garbage in all of them is found only if the folder above is in the area.';
  const isGuess = sites.length > 0 && sites.every(({ kind }) => kind === 'roots');
  const guess = isGuess
    ? ' A _metadata is in a folder that Flink would not name so: check that it is a savepoint.'
    : '';
  return { why: `${[capital(first), ...others].join(', ')}${more}.${entropy}${whole}${guess}`, unsure: isGuess };
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** What a site holds, as a part of a sentence. */
export function contentWords({ kind, path, names, isWhole }: Site): string {
  const where = path === '' ? '' : ` in ${path.replace(/\/$/, '')}`;
  const noun = NOUNS[kind];
  if (noun === null || names.length === 0) return `${KIND_WORDS[kind]}${where}`;
  const [one, many] = noun;
  return `${isWhole ? '' : 'at least '}${count(names.length, one, many)}${where}`;
}

/** What a kind of site is called. */
export const KIND_WORDS = {
  checkpoints: 'checkpoints',
  savepoints: 'savepoints',
  changelog: 'changelog',
  forst: 'ForSt databases',
  roots: 'other _metadata',
  'high-availability': 'high availability',
} as const satisfies Record<SiteKind, string>;

const NOUNS: Readonly<Record<SiteKind, readonly [one: string, many: string] | null>> = {
  checkpoints: ['job directory', 'job directories'],
  savepoints: ['savepoint', 'savepoints'],
  changelog: ['changelog of a job', 'changelogs of jobs'],
  forst: ['ForSt database of a job', 'ForSt databases of jobs'],
  roots: ['_metadata in a folder of an unknown name', '_metadata in folders of unknown names'],
  'high-availability': null,
};

const OTHER_NAME = 'If these files are in the area under another name, use "aliases" or "copies".';
const NO_MATTER = 'If no checkpoint there needs files of this area, move the entry to "outside".';

/** What follows from what such a place answered. */
const ANSWERS = {
  there: '',
  denied: ` These credentials may not list it: grant s3:ListBucket and s3:GetObject on it. ${NO_MATTER}`,
  unknown: ` It did not answer: run "steward doctor". ${NO_MATTER}`,
  empty: ` It is empty. ${OTHER_NAME}`,
  absent: ` It does not exist. ${OTHER_NAME}`,
  foreign: ` The steward can't scan it together with this area. ${OTHER_NAME}`,
} as const satisfies Record<ElsewhereAnswer['state'], string>;

/** Why a place that checkpoints reference is proposed as it is. */
export function elsewhereReason({ folder, root, files, state }: ElsewhereAnswer): Reasoned {
  const why = `${shownPlace(root)} references ${count(files, 'file')} below ${shownPlace(folder)}.${ANSWERS[state]}`;
  return { why, unsure: state !== 'there' };
}
