import { shellWord } from '#core/shell-word.ts';
import { ENV } from './environment.ts';
import type { Host } from './host.ts';

/** The command that asks the `manual` function for something: what to type next. */
export function manualCommand({ environment }: Host, event: object): string {
  const name = environment[ENV.manualFunction] ?? environment.AWS_LAMBDA_FUNCTION_NAME ?? 'MANUAL_FUNCTION';
  return `aws lambda invoke --function-name ${shellWord(name)} --cli-binary-format raw-in-base64-out --cli-read-timeout 900 --payload ${shellWord(JSON.stringify(event))} /dev/stdout`;
}
