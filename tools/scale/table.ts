import { CERTIFICATE, type Reckoning, reckon, reckonCertificate } from './reckoning.ts';

/** The reckoning of docs/scale.md. */

const SIZES = [1e7, 1e8, 1e9];

export function scaleTable(): string {
  const runs = SIZES.map(reckon);
  const row = (name: string, of: (run: Reckoning) => string): string => `| ${name} | ${runs.map(of).join(' | ')} |`;
  const total = ({ dollars }: Reckoning): number => Object.values(dollars).reduce((sum, part) => sum + part, 0);
  return [
    `| objects | ${runs.map(({ objects }) => count(objects)).join(' | ')} |`,
    `|---|${'--:|'.repeat(runs.length)}`,
    row('shards', ({ shards }) => count(shards)),
    row('minutes until everything is judged, 200 shards at a time', ({ minutes }) => minutes.toFixed(1)),
    row('memory of a function, at its peak', ({ memory }) => `${memory} MiB`),
    row('LIST requests', ({ lists }) => count(lists)),
    row('PUT requests, in the ledger', ({ puts }) => count(puts)),
    row('GET requests, in the ledger', ({ gets }) => count(gets)),
    row('LIST', ({ dollars }) => money(dollars.lists)),
    row('other requests', ({ dollars }) => money(dollars.requests)),
    row('Lambda', ({ dollars }) => money(dollars.lambda)),
    row('Step Functions', ({ dollars }) => money(dollars.steps)),
    row('**a run**', (run) => money(total(run))),
    row(`its certificate, where ${100 * CERTIFICATE.deleted} % is deleted: minutes`, ({ objects }) =>
      reckonCertificate(objects).minutes.toFixed(1),
    ),
    row('PUT and GET requests of that', ({ objects }) => {
      const { puts, gets } = reckonCertificate(objects);
      return count(puts + gets);
    }),
    row('**a certificate**', ({ objects }) => money(total(reckonCertificate(objects)))),
  ].join('\n');
}

function count(number: number): string {
  return Math.round(number).toLocaleString('en-US');
}

function money(dollars: number): string {
  return `$${dollars.toFixed(2)}`;
}
