import type { Root } from '#core/collect/roots.ts';
import { count } from '#core/quantity.ts';
import { MOST_LOOKS } from '#operations/look/renamed-roots.ts';
import type { Survey } from '#operations/look/survey.ts';

/** A folder of a thousand damaged backups is one finding. */
const MOST_TOLD = 5;

/** What was found of such roots. */
export interface RenamedFound extends Pick<Survey, 'area'> {
  readonly reachability: {
    readonly renamedRoots: readonly Pick<Root, 'location' | 'key' | 'state' | 'failure'>[];
  };
  readonly renamed: Pick<Survey['renamed'], 'left' | 'unread' | 'firstUnread'>;
}

/** Roots under other names than `_metadata`, in sentences: what they protect, and what could not be looked at. */
export function renamedRootNotes({ area, reachability, renamed }: RenamedFound): readonly string[] {
  const roots = reachability.renamedRoots;
  const urlOf = ({ location, key }: (typeof roots)[number]): string => area.url(location, key);
  const [first, ...others] = roots.filter(({ state }) => state === 'read');
  const found =
    first === undefined
      ? []
      : [
          `${urlOf(first)}${others.length === 0 ? ' is a checkpoint or savepoint' : ` and ${count(others.length, 'more object')} are checkpoints or savepoints`} whose metadata file is not called _metadata. What it references is kept while it exists. It is not a restore point and is never retired. Delete it when nobody needs it any more.`,
        ];
  const broken = roots
    .filter(({ state }) => state === 'unreadable')
    .map(
      (root) =>
        `${urlOf(root)} begins like the metadata of a checkpoint or savepoint, but it could not be read completely: ${root.failure?.sentence}. What it references up to there is kept; the rest of its files may be deleted. If you need it, protect its files with protect in steward.json; if not, delete it.`,
    );
  return [...found, ...broken.slice(0, MOST_TOLD), ...more(broken.length - MOST_TOLD), ...notLookedAt(renamed)];
}

function more(left: number): readonly string[] {
  return left <= 0 ? [] : [`${count(left, 'more object')} of that kind could not be read completely.`];
}

function notLookedAt({ left, unread, firstUnread }: RenamedFound['renamed']): readonly string[] {
  const what = 'that may hold a checkpoint or savepoint under another name than _metadata';
  const later =
    left === 0
      ? []
      : [
          `Not looked at yet: ${count(left, 'object')} ${what}. A run looks at ${MOST_LOOKS.toLocaleString('en-US')} of them; with a ledger, the next run continues. A file that only such an object references is not protected until then.`,
        ];
  return firstUnread === null
    ? later
    : [
        ...later,
        `Could not be looked at: ${count(unread, 'object')} ${what}. The first is ${firstUnread.url}: ${firstUnread.why}. The deployed functions may only read names that contain "metadata". A file that only such an object references is not protected.`,
      ];
}
