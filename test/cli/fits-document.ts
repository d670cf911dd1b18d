import * as z from 'zod';
import { commandFirst } from '#cli/command-first.ts';
import { PRINT_CONFIG } from '#cli/commands/print-config.ts';
import { DOCUMENT_OF, DOCUMENTS, type DocumentName } from '#cli/documents/documents.ts';
import { asksForJson } from '#cli/output-format.ts';
import { programFor } from '#test/docs/doc-commands.ts';

/** Holds what is printed as JSON against the document that it is published to be. Unknown members are errors. */

const ADVICE = 'Mend it, or change the document in cli/documents/ and run npm run schema.';

/** @throws where it does not fit */
export function requireDocument(name: DocumentName, document: unknown): void {
  const { error } = DOCUMENTS[name].schema.safeParse(document);
  if (error !== undefined) {
    throw new Error(`That is no document "${name}". ${ADVICE}\n${z.prettifyError(error)}\n${worstOf(error)}`);
  }
}

/** Of a command that ran with `--json`: its document, or the one of a failure. @throws where what it printed is neither */
export function requirePrintedDocument(args: readonly string[], out: string): void {
  if (!asksForJson(args) || args.includes('--help') || out === '') return;
  const document: unknown = JSON.parse(out);
  const hasFailed = typeof document === 'object' && document !== null && 'error' in document;
  const name = hasFailed ? 'failure' : documentOfCommand(commandFirst(args, programFor(args)));
  // The configuration has a schema of its own.
  if (name === undefined && args.includes(PRINT_CONFIG)) return;
  if (name === undefined) throw new Error(`No document is known of: ${args.join(' ')}`);
  requireDocument(name, document);
}

const EXECUTED = /^(?:apply|retire|undo)$/;

function documentOfCommand([first = '', second = '', ...others]: readonly string[]): DocumentName | undefined {
  // What a deployment has executed is told as the history tells it.
  if (EXECUTED.test(first) && [second, ...others].includes('--stack') && others.includes('--execute')) return 'history';
  return DOCUMENT_OF[`${first} ${second}`] ?? DOCUMENT_OF[first];
}

/** Of a union each alternative has problems of its own; those of the one with the fewest are the ones to mend. */
function worstOf(error: z.ZodError): string {
  return error.issues
    .flatMap((issue) => {
      if (issue.code !== 'invalid_union') return [];
      const [closest = []] = [...issue.errors].sort((a, b) => a.length - b.length);
      return closest.map(({ path, message }) => `  ${[...issue.path, ...path].join('.')}: ${message}`);
    })
    .join('\n');
}
