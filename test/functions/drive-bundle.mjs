// Plays Lambda for a bundle, in a process of its own and on any Node: loads it, hands it the events on its standard input,
// one JSON document a line, and prints what it answers.
import { createInterface } from 'node:readline';

const [bundle] = process.argv.slice(2);
const { handler } = await import(bundle);

for await (const line of createInterface({ input: process.stdin })) {
  const { event, remaining } = JSON.parse(line);
  const end = Date.now() + remaining;
  const context = {
    functionName: 'bundle',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:bundle',
    memoryLimitInMB: '3008',
    awsRequestId: 'request',
    getRemainingTimeInMillis: () => Math.max(0, end - Date.now()),
  };
  let told;
  try {
    told = { answer: await handler(event, context) };
  } catch (error) {
    told = { error: { name: error.name, message: error.message, stack: error.stack } };
  }
  const { length } = handler;
  process.stdout.write(`ANSWER ${JSON.stringify({ ...told, length, node: process.versions.node })}\n`);
}
