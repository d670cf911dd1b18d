import { randomUUID } from 'node:crypto';
import { Area } from '#core/area/area.ts';
import { inCharge } from '#functions/shared/under-lease.ts';
import {
  declareJobDead,
  declareRootDead,
  findPin,
  pause,
  pin,
  resume,
  unpin,
} from '#operations/ledger/declarations.ts';
import { openLedger, openOrCreateLedger } from '#operations/ledger/ledger.ts';
import { mark } from '#operations/ledger/marker.ts';
import { type LedgerState, updateState } from '#operations/ledger/state.ts';
import { type FoundRoot, findRoot } from '#operations/look/find-root.ts';
import { markingsOf } from '#operations/run/lease-area.ts';
import { markedLocations } from '#operations/run/run.ts';
import { openWriter } from '#steward/open-writer.ts';
import type { ActionNamed, Answer } from './actions.ts';
import { AskedError, type Desk, next, stateOf } from './session.ts';

/** The actions by which people say something to the ledger. */

type Statement = ActionNamed<'pin' | 'unpin' | 'declare-dead' | 'pause' | 'resume'>;

export async function pinAction(asked: ActionNamed<'pin'>, desk: Desk): Promise<Answer> {
  const { url } = await rootOf(asked.root, desk);
  const now = desk.host.clock();
  return await say(asked, `${url} is pinned: it is not retired, and what it names is kept.`, desk, (state) =>
    pin(state, url, asked.why ?? null, now),
  );
}

export async function unpinAction(asked: ActionNamed<'unpin'>, desk: Desk): Promise<Answer> {
  const state = await stateOf(desk);
  const found = findPin(state, asked.root);
  if (found === null) {
    const pins = state.pins.map(({ url }) => url);
    throw new AskedError(
      `${asked.root}: no pin, or more than one, fits that name. ${pins.length === 0 ? 'Nothing is pinned.' : `Pinned are: ${pins.join(', ')}.`}`,
    );
  }
  return await say(asked, `${found.url} is no longer pinned.`, desk, (known) => unpin(known, found.url));
}

export async function declareDeadAction(asked: ActionNamed<'declare-dead'>, desk: Desk): Promise<Answer> {
  const now = desk.host.clock();
  if ((asked.job === undefined) === (asked.root === undefined)) {
    throw new AskedError('Name a job ("job"), or a root that can not be read ("root", with its "etag").');
  }
  if (asked.job !== undefined) {
    const id = asked.job.toLowerCase();
    const sentence = `Job ${id} is declared dead. This lapses when anything is written into its directory.`;
    return await say(asked, sentence, desk, (state) => declareJobDead(state, id, now));
  }
  const { url, etag } = await rootOf(asked.root ?? '', desk);
  if (asked.etag !== etag) {
    throw new AskedError(
      `${url} has the ETag ${etag}${asked.etag === undefined ? '; name it, so that the declaration holds for this content only' : `, not ${asked.etag}: it is another one than the one that was meant`}. Nothing is changed.`,
    );
  }
  const sentence = `${url} is declared dead: that it can't be read holds nothing up any more. What could be read of it stays kept.`;
  return await say(asked, sentence, desk, (state) => declareRootDead(state, url, etag, now));
}

/** Without the lease: it is to reach a run that holds it. */
export async function pauseAction(asked: ActionNamed<'pause'>, desk: Desk): Promise<Answer> {
  const { ledger } = desk.steward;
  const now = desk.host.clock();
  if (asked.execute) {
    await openOrCreateLedger(ledger, randomUUID(), now);
    await updateState(ledger, (state) => pause(state, asked.why ?? '', now));
  }
  const answer = said(asked, 'Deleting is paused, also of a run that is under way.', desk);
  return asked.execute ? { ...answer, next: next(desk, { action: 'resume', execute: true }) } : answer;
}

export async function resumeAction(asked: ActionNamed<'resume'>, desk: Desk): Promise<Answer> {
  const { ledger: store, locations, input } = desk.steward;
  const now = desk.host.clock();
  const known = asked.execute ? await openOrCreateLedger(store, randomUUID(), now) : await openLedger(store);
  if (known !== null) {
    const writers = locations.map(({ reach }) => openWriter(reach));
    const markings = await markingsOf(markedLocations(input.locations, writers), known);
    const foreign = markings.find(({ marked }) => marked === 'foreign');
    if (foreign !== undefined && 'place' in foreign && asked.takeOver !== true) {
      throw new AskedError(
        `${foreign.location.name} is looked after by another ledger, ${foreign.place}. Nothing is changed. If that one is gone for good, with its pins and retired checkpoints, say so: "takeOver": true.`,
      );
    }
    if (asked.execute) {
      for (const marking of markings) {
        await mark(marking, known, now);
      }
      await updateState(store, resume);
    }
  }
  return said(asked, 'Deleting is allowed again, by the next run.', desk);
}

async function rootOf(name: string, { steward }: Desk): Promise<FoundRoot> {
  const { locations, aliases } = steward.input;
  const area = new Area(
    locations.map((location) => location.area),
    [],
    aliases,
  );
  const root = await findRoot(
    area,
    locations.map(({ store }) => store),
    name,
  );
  if (root === null) {
    throw new AskedError(
      `${name}: there is no checkpoint or savepoint of that name in the area. Write its path as "flink run -s" takes it; {"action":"restore-points"} shows those of each job.`,
    );
  }
  return root;
}

async function say(
  asked: Statement,
  sentence: string,
  desk: Desk,
  change: (state: LedgerState) => LedgerState,
): Promise<Answer> {
  if (asked.execute) {
    const charge = { command: `manual ${asked.action}`, execute: true };
    await inCharge(desk.steward, charge, desk.host, ({ ledger }) => updateState(ledger.store, change));
  }
  return said(asked, sentence, desk);
}

function said(asked: Statement, sentence: string, desk: Desk): Answer {
  const executed = asked.execute === true;
  return {
    action: asked.action,
    executed,
    summary: executed ? sentence : `Nothing is changed yet. With "execute": true: ${sentence}`,
    details: null,
    next: executed ? null : next(desk, { ...asked, execute: true }),
  };
}
