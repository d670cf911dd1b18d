import type { ContextBlock, HeaderBlock, SectionBlock } from '@slack/types';
import type { SlackMessage } from '#core/slack/alarm-message.ts';

/**
 * Slack's rules for a message, written down apart from the code that keeps them: from the reference of Block Kit.
 *
 * @returns what breaks them.
 */
export function brokenRules(message: SlackMessage): readonly string[] {
  // Held against Slack's own types by the compiler.
  const blocks: readonly (HeaderBlock | SectionBlock | ContextBlock)[] = [...message.blocks];
  const broken: string[] = [];
  const require = (holds: boolean, what: string) => {
    if (!holds) broken.push(what);
  };
  const text = (shown: { readonly type: string; readonly text?: string }, most: number, where: string) => {
    const { length } = shown.text ?? '';
    require(length > 0 && length <= most, `${where}: ${length} characters`);
    if (shown.type === 'mrkdwn') {
      // A link begins and ends with brackets; all others are escaped.
      const rest = (shown.text ?? '').replace(/<https:\/\/[^<>|\s]+\|[^<>|]+>/g, '');
      require(!/[<>]|&(?!(?:amp|lt|gt);)/.test(rest), `${where}: not escaped`);
      require((rest.match(/`/g) ?? []).length % 2 === 0, `${where}: a backquote is open`);
      require(!/<!|<@|<#/.test(shown.text ?? ''), `${where}: calls people`);
    }
  };
  require(message.text.length > 0 && message.text.length <= 40_000, 'text');
  require(blocks.length >= 1 && blocks.length <= 50, `${blocks.length} blocks`);
  for (const [at, block] of blocks.entries()) {
    const where = `${at} ${block.type}`;
    switch (block.type) {
      case 'header':
        require(block.text.type === 'plain_text', `${where}: type`);
        text(block.text, 150, where);
        break;
      case 'section':
        if (block.text !== undefined) text(block.text, 3_000, where);
        require(block.fields === undefined ||
          (block.fields.length >= 1 && block.fields.length <= 10), `${where}: fields`);
        for (const field of block.fields ?? []) text(field, 2_000, `${where} field`);
        break;
      case 'context':
        require(block.elements.length >= 1 && block.elements.length <= 10, `${where}: elements`);
        for (const element of block.elements) {
          if (element.type !== 'image') text(element, 2_000, `${where} element`);
        }
        break;
    }
  }
  require(JSON.stringify(message).length <= 13_000, `${JSON.stringify(message).length} characters in all`);
  return broken;
}
