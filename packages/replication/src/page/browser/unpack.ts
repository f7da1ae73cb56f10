/** Whether this browser can unpack the page's data at all (all that were released since May 2023 can). */
export const canUnpack = typeof DecompressionStream === 'function';

/**
 * The value in one of the page's blocks.
 *
 * @throws Error when there is no such block, or it is damaged
 */
export async function unpack<T>(id: string): Promise<T> {
  const block = await blockOf(id);
  const letters = atob(block);
  const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return JSON.parse(await new Response(stream).text());
}

/** Blocks stand behind the script, so one may not have been read yet. */
async function blockOf(id: string): Promise<string> {
  if (!document.getElementById(id) && document.readyState === 'loading') {
    await new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve, { once: true }));
  }
  const block = document.getElementById(id)?.textContent;
  if (!block) throw new Error(`the page has no block ${id}`);
  return block;
}
