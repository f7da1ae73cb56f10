import { digestOf } from './canonical-json.js';
import type { Json } from './experiment.js';
import { parseStoredJson } from './stored-json.js';

type Content = { readonly [name: string]: Json };

/**
 * The text of a file that runs tell each other by, with a digest of its content: so nobody takes a damaged one for what
 * was written.
 */
export function sealed(content: object): string {
  const plain = JSON.parse(JSON.stringify(content)) as Content;
  return `${JSON.stringify({ digest: digestOf(plain), ...plain }, null, 2)}\n`;
}

/** What was sealed. @throws Error naming the file, when it is anything else */
export function unsealed<T extends object>(text: string, file: string): T {
  const { digest, ...content } = Object(parseStoredJson(text, file)) as Content;
  if (text === sealed(content)) return content as T;
  throw new Error(`${file}: expected what hessian-rmt wrote, with its digest; found a file that was altered`);
}
