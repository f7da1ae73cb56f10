#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { buildWhenStale } from './build-when-stale.js';

buildWhenStale(fileURLToPath(new URL('.', import.meta.url)));
const { main } = await import('../dist/cli.js');
await main(process.argv.slice(2));
