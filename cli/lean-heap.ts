import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the heap of V8 close to what is in use. What a survey remembers of its objects lies outside that heap; what
 * it leaves behind there is garbage of pages, of which V8 would let a hundred megabytes gather before it collects.
 * Both flags are looked at whenever V8 thinks about growing, so they take effect at once. (The usual
 * `--max-semi-space-size` is read only when Node starts, which a command can't choose.)
 */
export function keepHeapLean(): void {
  setFlagsFromString('--heap-growing-percent=20');
  setFlagsFromString('--semi-space-growth-factor=1');
}
