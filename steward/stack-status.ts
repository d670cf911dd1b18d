export { type StackStatus, stackStatus } from '#adapters/aws/stack-status.ts';
