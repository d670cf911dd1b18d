export { emptiness } from '#operations/report/emptiness.ts';
