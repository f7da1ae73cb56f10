#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const cli = new URL('../dist/cli.js', import.meta.url);
if (!existsSync(fileURLToPath(cli))) {
  console.error('hessian-rmt: the packages are not built yet. Run `npx turbo run build` first.');
  process.exit(1);
}
const { main } = await import(cli.href);
await main(process.argv.slice(2));
