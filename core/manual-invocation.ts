import { shellWord } from './shell-word.ts';

/** The command that asks a deployment for something. @param name of its function `manual`. @param event what is asked. */
export function manualInvocation(name: string, event: object): string {
  return `aws lambda invoke --function-name ${shellWord(name)} --cli-binary-format raw-in-base64-out --cli-read-timeout 900 --payload ${shellWord(JSON.stringify(event))} /dev/stdout`;
}
