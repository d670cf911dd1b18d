import { UsageError } from './errors.ts';
import type { Io } from './io.ts';
import { complain } from './print/stderr.ts';

/** Questions to a person at a terminal. */

export interface Answers {
  readonly places: readonly string[];
  readonly flinkRest: readonly string[];
}

/** Asked again so often before it is given up. */
const PATIENCE = 3;

/** @throws UsageError where nothing is answered. */
export async function askPlaces(io: Io): Promise<readonly string[]> {
  const answer = await asked(
    'Which bucket or directory holds your checkpoints? (such as s3://my-bucket; separate several by spaces) ',
    io,
  );
  const places = words(answer);
  if (places.length === 0) {
    throw nothingNamed();
  }
  return places;
}

export function nothingNamed(): UsageError {
  return new UsageError(
    'No bucket and no directory was given, so nothing was searched. Give one: steward init s3://my-bucket',
  );
}

/** @param problemOf what is wrong with an address; null where nothing is. @throws UsageError */
export async function askRest(io: Io, problemOf: (address: string) => string | null): Promise<readonly string[]> {
  for (let attempt = 0; attempt < PATIENCE; attempt++) {
    const addresses = words(
      await asked(
        "Address of Flink's REST endpoint, for the names of jobs? (such as http://jobmanager:8081; leave empty for none) ",
        io,
      ),
    );
    const problem = addresses.map(problemOf).find((each) => each !== null);
    if (problem === undefined) return addresses;
    io.err(`${problem}\n`);
  }
  throw new UsageError(
    'That is not an address of a REST endpoint, so nothing was searched. To continue without one, leave the answer empty.',
  );
}

/** Yes is what an empty answer means. */
export async function asksYes(question: string, io: Io): Promise<boolean> {
  return /^(?:y|yes|)$/i.test((await asked(`${question} [Y/n] `, io)).trim());
}

/** Asks for a yes; an empty or any other answer means no. @param sentences what is asked about. */
export async function asksSurely(sentences: string, question: string, io: Io): Promise<boolean> {
  complain(sentences, io);
  return /^y(?:es)?$/i.test((await asked(`${question} [y/N] `, io)).trim());
}

async function asked(question: string, { ask }: Io): Promise<string> {
  if (ask === undefined) throw new UsageError('There is no terminal to ask on.');
  return await ask(question);
}

function words(answer: string): readonly string[] {
  return answer.split(/[\s,]+/).filter((word) => word !== '');
}
