import * as z from 'zod';
import { StackError } from '#adapters/aws/stack-error.ts';
import { RefusedError } from '#steward/refusals.ts';
import { unpack, type WholeFound } from './packed.ts';
import type { AskedAction, WholeAnswers } from './whole-answers.ts';

/** A deployment that is asked from afar: its function `manual` answers, with the rights of its role. */

/** The stack output with the name of the function that answers. */
const OUTPUT = 'ManualFunctionName';

const pageSchema = z.object({
  gzip: z.string(),
  more: z.object({ of: z.string(), from: z.int() }).nullable(),
});
const answerSchema = z.object({ whole: pageSchema.optional() });

export interface Reached {
  readonly region?: string;
  readonly signal?: AbortSignal | undefined;
}

/** The function of one stack, found by the output that names it. */
export class Deployment {
  readonly stack: string;
  readonly #ask: (event: object) => Promise<unknown>;

  private constructor(stack: string, ask: (event: object) => Promise<unknown>) {
    this.stack = stack;
    this.#ask = ask;
  }

  /** @throws StackError where there is no such stack, or it may not be looked up. */
  static async find(stack: string, { region, signal }: Reached): Promise<Deployment> {
    // Loaded only here: most commands ask no stack.
    const [{ stackOutputs }, { AskedFunction }] = await Promise.all([
      import('#adapters/aws/stack-outputs.ts'),
      import('#adapters/aws/asked-function.ts'),
    ]);
    // The SDK tells users of Node 20, which this project supports, at every start that it will not go on doing so.
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
    const at = region === undefined ? {} : { region };
    const outputs = await stackOutputs(stack, at, signal);
    const named = [...outputs].filter(([key]) => key.includes(OUTPUT));
    const [, name] = named.find(([key]) => key === OUTPUT) ?? (named.length === 1 ? named[0] : undefined) ?? [];
    if (name === undefined) {
      throw new StackError(
        `The stack ${stack} has no output ${OUTPUT}, so it is not known which function to ask. Nothing was done. Give the name of the stack of Flink Steward; in an app of your own, add that output with the name of steward.functions.manual.`,
        { isRequest: true },
      );
    }
    const fn = new AskedFunction(name, at);
    return new Deployment(stack, async (event) => await fn.ask(event, signal));
  }

  /**
   * Asks, and waits for the whole answer, which comes in pages where it is long.
   *
   * @throws RefusedError as the local command; StackError
   */
  async ask<Action extends AskedAction>(
    event: { readonly action: Action } & Readonly<Record<string, unknown>>,
  ): Promise<WholeFound<WholeAnswers[Action]>> {
    const pages: string[] = [];
    let next: object | null = { action: 'whole', of: event };
    while (next !== null) {
      const { gzip, more } = this.#pageOf(await this.#ask(next));
      pages.push(gzip);
      next = more === null ? null : { action: 'page', ...more };
    }
    const whole = unpack<WholeAnswers[Action]>(pages);
    if (!('failure' in whole)) return whole;
    const { message, isRequest, refusal } = whole.failure;
    throw refusal === null ? new StackError(message, { isRequest }) : new RefusedError(refusal);
  }

  #pageOf(answered: unknown): z.output<typeof pageSchema> {
    const { whole } = answerSchema.safeParse(answered).data ?? {};
    if (whole !== undefined) return whole;
    throw new StackError(
      `The function of the stack ${this.stack} is of an older version than this command, and does not know how to answer it. Nothing was done. Deploy the stack again, with the version of this command.`,
      { isRequest: true },
    );
  }
}
