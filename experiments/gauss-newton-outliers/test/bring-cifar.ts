import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const record = 1 + 3 * 32 * 32;

/** Images in the format of CIFAR-10 in a data directory; the classes in turn, but for the last, which is of class 0. */
export async function bringCifar(directory: string, name: string, count: number): Promise<void> {
  const bytes = new Uint8Array(count * record).map((_, i) => (i * 31 + Math.floor(i / record) ** 2) % 251);
  for (let n = 0; n < count; n++) bytes[n * record] = n === count - 1 ? 0 : n % 10;
  await mkdir(join(directory, 'cifar10'), { recursive: true });
  await writeFile(join(directory, 'cifar10', name), bytes);
}
