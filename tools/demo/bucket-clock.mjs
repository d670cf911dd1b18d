/**
 * For `node --import`: gives a command the clock of the demo's bucket, which runs ahead of the machine's. The steward
 * deletes nothing while the two differ.
 */
import { request } from 'node:http';

const date = await new Promise((resolve, reject) => {
  request(process.env.AWS_ENDPOINT_URL ?? '', { method: 'HEAD' }, (response) => {
    response.resume();
    resolve(response.headers.date);
  })
    .on('error', reject)
    .end();
});
const clock = Date.now;
const ahead = Date.parse(date) - clock();
Date.now = () => clock() + ahead;
