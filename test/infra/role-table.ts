import { FUNCTION_NAMES, type FunctionName } from '#functions/shared/function-names.ts';
import { idOf, type Statement, type Synthesised, statementsOf } from './synthesise.ts';

/** All roles in one table, from the template of an adopted bucket called my-bucket. */
export function roleTable(synthesised: Synthesised): string {
  const rows = FUNCTION_NAMES.map((name) => {
    const allowed = Object.values(statementsOf(synthesised, name)).filter(
      ({ Sid, Effect }) => Effect === 'Allow' && Sid !== 'Log' && Sid !== 'TellFailures',
    );
    const area = allowed.filter((statement) => isOn('my-bucket', statement));
    const ledger = allowed.filter((statement) => isOn('<Ledger>', statement));
    const others = allowed.filter((statement) => !area.includes(statement) && !ledger.includes(statement));
    return `| \`${name}\` | ${listed(area)} | ${listed(ledger)} | ${others.map(besides).join('; ') || '–'} |`;
  });
  return ['| function | in the area (`s3:`) | in the ledger (`s3:`) | elsewhere |', '|---|---|---|---|', ...rows].join(
    '\n',
  );
}

function isOn(bucket: string, { Resource }: Statement): boolean {
  return [Resource].flat().some((resource) => String(resource).includes(`:s3:::${bucket}`));
}

function listed(statements: readonly Statement[]): string {
  const actions = statements.flatMap(({ Action }) => Action).map((action) => action.replace('s3:', ''));
  return [...new Set(actions)].sort().map(inCode).join(', ') || '–';
}

function besides({ Action, Resource }: Statement): string {
  if (Action === 'lambda:InvokeFunction') {
    const started = [Resource].flat().map((resource) => inCode(nameOf(String(resource))));
    return `starts ${started.join(', ')}`;
  }
  if (Action === 'states:StartExecution') return 'starts the collection';
  return [Action].flat().map(inCode).join(', ');
}

function nameOf(resource: string): FunctionName | string {
  return FUNCTION_NAMES.find((name) => resource === `<${idOf(name)}Function>`) ?? resource;
}

function inCode(text: string): string {
  return `\`${text}\``;
}
