/**
 * For `node --import`: gives a command the clock of the demo's bucket, which runs ahead of the machine's. The steward
 * deletes nothing while the two differ.
 */
import { request } from 'node:http';

const endpoint = process.env.AWS_ENDPOINT_URL ?? '';

/** What the Date header of the bucket says. */
async function date() {
  return await new Promise((resolve, reject) => {
    request(endpoint, { method: 'HEAD' }, (response) => {
      response.resume();
      resolve(response.headers.date);
    })
      .on('error', reject)
      .end();
  });
}

try {
  const clock = Date.now;
  const ahead = Date.parse(await date()) - clock();
  Date.now = () => clock() + ahead;
} catch {
  process.stderr.write(
    `The bucket of the demo does not answer at AWS_ENDPOINT_URL (${endpoint || 'not set'}), so nothing was run. Start it with "npm run demo -- --serve", and paste the lines that it prints.\n`,
  );
  process.exit(1);
}
