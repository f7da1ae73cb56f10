// node start-cluster.js: a Slurm cluster to try things on, until Ctrl-C. See cluster.ts.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const built = await build({
  entryPoints: [fileURLToPath(new URL('./cluster.ts', import.meta.url))],
  bundle: true,
  platform: 'node',
  format: 'esm',
  write: false,
});
const source = Buffer.from(built.outputFiles[0].contents).toString('base64');
const { SlurmCluster } = await import(`data:text/javascript;base64,${source}`);

const cluster = await SlurmCluster.start({ preemption: true });
for (const [name, value] of Object.entries(cluster.environment)) console.log(`export ${name}=${value}`);
console.error(
  'A Slurm cluster of two nodes with one CPU each is up: paste the line above into a shell. Ctrl-C ends it.',
);
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    await cluster.stop();
    process.exit(0);
  });
}
setInterval(() => {}, 60_000);
