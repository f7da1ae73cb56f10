import { createHash } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';

/** By what a file is known to be the published one. */
export interface ExpectedSums {
  readonly md5: string;
  readonly sha256?: string;
  readonly bytes?: number;
}

export interface FetchOptions {
  /** Default: see `dataDirectory`. Files go to its folder NAME. */
  readonly directory?: string;
  /** Another server with the same files. */
  readonly baseUrl?: string;
  /** Give up when nothing arrives for this long. Default 30,000 ms (our choice). */
  readonly stallTimeout?: number;
  readonly onProgress?: (progress: FetchProgress) => void;
}

export interface FetchProgress {
  readonly file: string;
  readonly received: number;
  /** Absent when the server does not say. */
  readonly total?: number;
}

export interface FetchedFile {
  readonly path: string;
  /** false: a copy with the published contents was there already, and nothing was sent for. */
  readonly downloaded: boolean;
}

/** A download that failed: says what of, what was expected and what was found. Nothing of it is left on the disk. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';

  constructor(
    readonly url: string,
    problem: string,
    options?: ErrorOptions,
  ) {
    super(`${url}: ${problem}`, options);
  }
}

/**
 * Downloads one file. It appears under its name only when it is whole and has the expected sums. Redirects are followed,
 * to plain http too: the sums decide.
 *
 * @throws DownloadError when the server refuses, cuts or stalls, or sends something else
 */
export async function download(
  url: string,
  path: string,
  expected: ExpectedSums,
  options: FetchOptions = {},
): Promise<void> {
  const { stallTimeout = 30_000, onProgress } = options;
  const stalled = new AbortController();
  const stall = () => stalled.abort(new DownloadError(url, `nothing arrived for ${stallTimeout} ms`));
  let timer = setTimeout(stall, stallTimeout);
  const partial = `${path}.${process.pid}.part`;
  try {
    // `identity`: the gzip file itself is wanted, not its contents.
    const response = await fetch(url, { signal: stalled.signal, headers: { 'accept-encoding': 'identity' } });
    if (!response.ok || !response.body) {
      throw new DownloadError(url, `expected HTTP status 200, found ${response.status} ${response.statusText}`);
    }
    const length = response.headers.get('content-length');
    const md5 = createHash('md5');
    const sha256 = createHash('sha256');
    let received = 0;
    const handle = await open(partial, 'w');
    try {
      for await (const chunk of response.body) {
        clearTimeout(timer);
        timer = setTimeout(stall, stallTimeout);
        md5.update(chunk);
        sha256.update(chunk);
        await handle.writeFile(chunk);
        received += chunk.length;
        if (received > (expected.bytes ?? Number.POSITIVE_INFINITY)) {
          throw new DownloadError(url, `expected ${expected.bytes} bytes, found more`);
        }
        onProgress?.({ file: basename(path), received, ...(length ? { total: Number(length) } : {}) });
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    const check = (kind: string, sum: string | undefined, found: string) => {
      if (sum === undefined || sum === found) return;
      throw new DownloadError(url, `expected ${kind} ${sum}, found ${found} in ${received} bytes`);
    };
    check('MD5', expected.md5, md5.digest('hex'));
    check('SHA-256', expected.sha256, sha256.digest('hex'));
    await rename(partial, path);
  } catch (error) {
    if (error instanceof DownloadError) throw error;
    throw new DownloadError(url, reasonOf(error), { cause: error });
  } finally {
    clearTimeout(timer);
    await rm(partial, { force: true });
  }
}

/** Node's fetch says `fetch failed` or `terminated` and keeps the reason in causes. */
function reasonOf(error: unknown): string {
  const messages: string[] = [];
  for (let cause = error; cause instanceof Error; cause = cause.cause) messages.push(cause.message);
  return messages.filter((message) => message !== '').join(': ');
}
