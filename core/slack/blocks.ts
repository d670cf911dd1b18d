import { SLACK_LIMITS } from './limits.ts';
import { cut, type Mrkdwn, visible } from './mrkdwn.ts';

/**
 * The blocks of a message. Only blocks that Slack accepts can be made. The types are those of `@slack/types`, as far
 * as they are needed; a test holds the two together.
 */

/** Text without markup. */
export interface PlainText {
  readonly type: 'plain_text';
  readonly text: string;
  readonly emoji: true;
}
/** Text with Slack's markup. */
export interface MarkedText {
  readonly type: 'mrkdwn';
  readonly text: string;
}
/** The title of a message. */
export interface HeaderBlock {
  readonly type: 'header';
  readonly text: PlainText;
}
/** A paragraph, with pairs of facts below it. */
export interface SectionBlock {
  readonly type: 'section';
  readonly text: MarkedText;
  readonly fields?: MarkedText[];
}
/** Small print. */
export interface ContextBlock {
  readonly type: 'context';
  readonly elements: MarkedText[];
}
/** A part of a message. */
export type Block = HeaderBlock | SectionBlock | ContextBlock;

/** Cut where it is too long. It is plain text: nothing in it has to be escaped. */
export function header(text: string): HeaderBlock {
  return {
    type: 'header',
    text: { type: 'plain_text', text: cut(visible(text), SLACK_LIMITS.headerText), emoji: true },
  };
}

/**
 * Markup can't be cut without breaking it, so the caller keeps it short.
 *
 * @throws RangeError where it is too long or empty, or where there are too many fields.
 */
export function section(text: Mrkdwn, fields: readonly Mrkdwn[] = []): SectionBlock {
  const block: SectionBlock = { type: 'section', text: marked(text, SLACK_LIMITS.sectionText) };
  if (fields.length === 0) {
    return block;
  }
  requireAtMost(fields.length, SLACK_LIMITS.fields, 'fields of a section');
  return { ...block, fields: fields.map((field) => marked(field, SLACK_LIMITS.fieldText)) };
}

/** @throws RangeError as {@link section} */
export function context(...elements: readonly Mrkdwn[]): ContextBlock {
  requireAtMost(elements.length, SLACK_LIMITS.contextElements, 'elements of a context');
  return { type: 'context', elements: elements.map((element) => marked(element, SLACK_LIMITS.contextText)) };
}

function marked({ mrkdwn }: Mrkdwn, most: number): MarkedText {
  requireAtMost(mrkdwn.length, most, 'characters of a text');
  if (mrkdwn === '') {
    throw new RangeError('Slack accepts no empty text.');
  }
  return { type: 'mrkdwn', text: mrkdwn };
}

function requireAtMost(found: number, most: number, what: string): void {
  if (found > most) {
    throw new RangeError(`${found} ${what}, but Slack accepts ${most}.`);
  }
}
