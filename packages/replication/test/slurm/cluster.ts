import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type ClusterOptions, limitedQueueScript, nodeName, slurmConf } from './cluster-config.js';

/** Where Debian has the daemons, which is not on everybody's path. */
const path = `${process.env.PATH}:/usr/sbin:/sbin`;

/** Why there can be no cluster here; undefined when its commands are installed. */
export const noSlurmHere: string | undefined = missing();

function missing(): string | undefined {
  if (process.platform !== 'linux') return 'Slurm runs on Linux';
  const lost = ['slurmctld', 'slurmd', 'munged', 'sbatch', 'setpriv'].filter((name) => !isInstalled(name));
  return lost.length === 0 ? undefined : `not installed: ${lost.join(', ')} (Debian: slurm-wlm, munge)`;
}

function isInstalled(command: string): boolean {
  return path.split(':').some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Whether the queue of a cluster can be limited. */
export const canLimitQueue: boolean = ['/usr/lib', '/usr/lib64'].some((folder) =>
  [folder, ...(existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [])].some((place) =>
    ['slurm-wlm', 'slurm'].some((name) => existsSync(join(place, name, 'job_submit_lua.so'))),
  ),
);

/** Root may give a node a host name and process numbers of its own: then it dies as a machine does, as a whole. */
const canIsolate: boolean = tryIsolation();

const isolation = ['unshare', '--uts', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'] as const;

function tryIsolation(): boolean {
  if (process.platform !== 'linux') return false;
  try {
    const [command, ...args] = isolation;
    execFileSync(command, [...args, 'sh', '-c', `hostname n0 && mount --bind /etc/hosts /etc/hosts`], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

/**
 * A Slurm cluster of real daemons on this machine: munged, slurmctld, a slurmd a node, on loopback, at ports and in a
 * temporary folder of its own. The daemons die with the process that started them, if it does not stop them before.
 */
export class SlurmCluster {
  private readonly processes = new Map<string, ChildProcess>();

  private constructor(
    /** Absolute; logs of the daemons are in `log`. */
    readonly folder: string,
    readonly nodes: readonly string[],
  ) {}

  /** Up, with all nodes idle. @throws Error with the last lines of the daemons' logs */
  static async start(options: ClusterOptions = {}): Promise<SlurmCluster> {
    if (noSlurmHere !== undefined) throw new Error(noSlurmHere);
    // Sockets have to have short names.
    const folder = mkdtempSync(join(tmpdir(), 'slurm-'));
    // munged refuses a folder that others cannot enter.
    chmodSync(folder, 0o755);
    for (const name of ['munge', 'controller', 'log']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'munge/key'), randomBytes(128), { mode: 0o600 });
    const ports = await freePorts(1 + (options.nodes ?? 2));
    const [controllerPort, ...nodePorts] = ports;
    const cluster = new SlurmCluster(
      folder,
      nodePorts.map((_, i) => nodeName(i)),
    );
    const place = { folder, user: userInfo().username, controllerPort, nodePorts };
    writeFileSync(join(folder, 'slurm.conf'), slurmConf(place, options));
    writeFileSync(join(folder, 'job_submit.lua'), limitedQueueScript(folder));
    writeFileSync(join(folder, 'hosts'), `127.0.0.1 localhost ${hostname()} ${cluster.nodes.join(' ')}\n`);
    try {
      const munge = ['key-file=key', 'socket=socket', 'pid-file=pid', 'seed-file=seed'].map((option) => {
        const [name, file] = option.split('=');
        return `--${name}=${join(folder, 'munge', file)}`;
      });
      cluster.spawn('munged', ['munged', '--foreground', ...munge, `--log-file=${join(folder, 'log/munged.log')}`]);
      await cluster.until(async () => existsSync(join(folder, 'munge/socket')), 'munged listens');
      await cluster.startController();
      for (const node of cluster.nodes) await cluster.startNode(node);
      await cluster.untilIdle();
      return cluster;
    } catch (error) {
      const logs = cluster.lastWords();
      await cluster.stop();
      throw new Error(`No Slurm cluster: ${(error as Error).message}\n${logs}`);
    }
  }

  /** Variables with which commands find this cluster. */
  get environment(): Readonly<Record<string, string>> {
    return { SLURM_CONF: join(this.folder, 'slurm.conf') };
  }

  /** A command of Slurm, as `squeue`. @returns what it prints. @throws Error with what it says */
  async run(command: string, ...args: string[]): Promise<string> {
    const env = { ...process.env, ...this.environment, PATH: path };
    const { stdout } = await promisify(execFile)(command, args, { env, timeout: 30_000 });
    return stdout.trim();
  }

  /** Tasks in the queue, one a line: `JOB_TASK STATE REASON NODE`; of one state when it is given. */
  async queue(state = 'all'): Promise<readonly string[]> {
    const active = 'PENDING,RUNNING,COMPLETING,SUSPENDED,CONFIGURING,REQUEUED';
    const lines = await this.run('squeue', '-h', '-r', '-o', '%i %T %r %N', '-t', state === 'all' ? active : state);
    return lines.split('\n').filter((line) => line !== '');
  }

  /** Waits until a condition holds. @throws Error after some seconds, with what the queue holds and the logs' ends */
  async until(condition: () => Promise<boolean>, what: string, seconds = 120): Promise<void> {
    const end = Date.now() + 1000 * seconds;
    while (!(await condition())) {
      if (Date.now() > end) throw new Error(`Not within ${seconds} s: ${what}\n${this.lastWords()}`);
      await sleep(50);
    }
  }

  /** Waits until every node could take a job. */
  async untilIdle(seconds = 120): Promise<void> {
    const states = () => this.run('sinfo', '-h', '-N', '-p', 'main', '-o', '%T').catch(() => '');
    const all = this.nodes.map(() => 'idle').join('\n');
    await this.until(async () => (await states()) === all, 'all nodes are idle', seconds);
  }

  /** Its slurmd, and all that runs under it, end at once and without a word, as if the machine had lost its power. */
  async killNode(node: string): Promise<void> {
    const slurmd = this.processes.get(node)!;
    if (!canIsolate) killTree(this.folder, node, slurmd.pid!);
    await this.end(node);
  }

  /** As after a power cut; the controller learns that the node's jobs are gone. */
  async startNode(node: string): Promise<void> {
    const isolated = `mount --bind '${this.folder}/hosts' /etc/hosts; hostname ${node}; slurmd -D -N ${node} & wait`;
    this.spawn(node, canIsolate ? [...isolation, 'sh', '-c', isolated] : ['slurmd', '-D', '-N', node]);
  }

  /** The administrator notices that a node is gone, before Slurm does. */
  async markDown(node: string): Promise<void> {
    await this.run('scontrol', 'update', `nodename=${node}`, 'state=down', 'reason=test');
  }

  /** It writes down what it knows, unless it is killed. */
  async stopController(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    await this.end('controller', signal);
  }

  async startController(): Promise<void> {
    this.spawn('controller', ['slurmctld', '-D']);
    const answers = async () => (await this.run('scontrol', 'ping').catch(() => '')).includes('UP');
    await this.until(answers, 'the controller answers');
  }

  /** With `limitedQueue`: so many more tasks are taken by sbatch; undefined for no limit. */
  makeRoom(tasks?: number): void {
    const file = join(this.folder, 'room');
    if (tasks === undefined) rmSync(file, { force: true });
    else writeFileSync(file, `${tasks}`);
  }

  /** Ends all daemons and what runs under them, and removes the folder. */
  async stop(): Promise<void> {
    for (const node of this.nodes) if (this.processes.has(node)) await this.killNode(node);
    for (const name of [...this.processes.keys()].reverse()) await this.end(name);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  /** The last lines of the daemons' logs, for a message of a test that failed. */
  lastWords(): string {
    const logs = join(this.folder, 'log');
    const files = existsSync(logs) ? readdirSync(logs) : [];
    return files
      .map((name) => {
        const lines = readFileSync(join(logs, name), 'utf8').trimEnd().split('\n');
        return `--- ${name}\n${lines.slice(-8).join('\n')}`;
      })
      .join('\n');
  }

  private spawn(name: string, command: readonly string[]): void {
    const output = openSync(join(this.folder, `log/${name}.out`), 'a');
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...command], {
      // What slurmd starts has the name of its node too.
      env: { ...process.env, ...this.environment, PATH: path, SLURMD_NODENAME: name },
      stdio: ['ignore', output, output],
      detached: true,
    });
    this.processes.set(name, child);
  }

  private async end(name: string, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.processes.get(name);
    this.processes.delete(name);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }
}

/** The processes of a node that shares its process numbers with the others: known by their variables and their parents. */
function killTree(folder: string, node: string, slurmd: number): void {
  for (let found = [slurmd]; found.length > 0; ) {
    for (const pid of found) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended by itself.
      }
    }
    found = runningProcesses().filter((pid) => pid !== slurmd && isOfNode(pid, folder, node));
  }
}

function runningProcesses(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function isOfNode(pid: number, folder: string, node: string): boolean {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
    // A zombie has none.
    return [`SLURM_CONF=${folder}/slurm.conf`, `SLURMD_NODENAME=${node}`].every((set) => variables.includes(set));
  } catch {
    return false;
  }
}

/** Ports of loopback at which nobody listens. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { readonly port: number }).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
