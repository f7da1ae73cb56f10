/** What a test may want to be different on its cluster. Seconds where it is a time. */
export interface ClusterOptions {
  /** Of one CPU each. Default: 2. */
  readonly nodes?: number;
  /** Jobs that the controller holds in memory, finished ones too until they are forgotten. Default: 10000. */
  readonly maxJobCount?: number;
  /** Default: 1001, Slurm's own. */
  readonly maxArraySize?: number;
  /** After which finished jobs are forgotten, at the next of the controller's rounds (one a minute). Default: 3600. */
  readonly minJobAge?: number;
  /** After which a node that is silent is down: about five times this much passes. Default: 5. */
  readonly slurmdTimeout?: number;
  /** Between SIGTERM and SIGKILL at a time limit. Default: 5. */
  readonly killWait?: number;
  /** Tasks whose memory exceeds what they asked for are killed. Default: no. */
  readonly enforceMemory?: boolean;
  /** A second partition, `urgent`, whose jobs drive those of `main` from their nodes into the queue again. Default: no. */
  readonly preemption?: boolean;
  /** sbatch is refused as by a limit on a user's jobs, see `SlurmCluster.makeRoom`. Needs the plugin job_submit/lua. */
  readonly limitedQueue?: boolean;
}

export interface ClusterPlace {
  /** Absolute. */
  readonly folder: string;
  readonly user: string;
  readonly controllerPort: number;
  /** One a node. */
  readonly nodePorts: readonly number[];
}

/** Bytes of `RealMemory` of a node, in MiB. */
const nodeMemory = 8192;

/** Names of the nodes: n0, n1, ... */
export const nodeName = (index: number): string => `n${index}`;

/** slurm.conf of a controller and nodes on loopback, without cgroups, accounting or systemd. */
export function slurmConf({ folder, user, controllerPort, nodePorts }: ClusterPlace, options: ClusterOptions): string {
  const { enforceMemory = false, preemption = false, limitedQueue = false } = options;
  const settings: readonly (readonly [string, string | number])[] = [
    ['ClusterName', 'hessian-rmt-test'],
    ['SlurmctldHost', 'localhost(127.0.0.1)'],
    ['SlurmctldPort', controllerPort],
    ['SlurmUser', user],
    ['SlurmdUser', user],
    ['AuthType', 'auth/munge'],
    ['CredType', 'cred/munge'],
    // A requeued job waits until the credential of its last start has expired; 5 s is the least that Slurm takes.
    ['AuthInfo', `socket=${folder}/munge/socket,cred_expire=5`],
    ['CommunicationParameters', 'NoCtldInAddrAny,NoInAddrAny'],
    ['StateSaveLocation', `${folder}/controller`],
    ['SlurmdSpoolDir', `${folder}/%n`],
    ['SlurmctldPidFile', `${folder}/controller.pid`],
    ['SlurmdPidFile', `${folder}/%n.pid`],
    ['SlurmctldLogFile', `${folder}/log/controller.log`],
    ['SlurmdLogFile', `${folder}/log/%n.log`],
    ['MailProg', '/bin/true'],
    ['ProctrackType', 'proctrack/linuxproc'],
    ['TaskPlugin', 'task/none'],
    ['SelectType', 'select/cons_tres'],
    ['SelectTypeParameters', enforceMemory ? 'CR_CPU_Memory' : 'CR_CPU'],
    ['SlurmdParameters', 'config_overrides'],
    ['SchedulerParameters', 'sched_interval=1,bf_interval=1,batch_sched_delay=0'],
    ['ReturnToService', 2],
    ['MaxJobCount', options.maxJobCount ?? 10_000],
    ['MaxArraySize', options.maxArraySize ?? 1001],
    ['MinJobAge', options.minJobAge ?? 3600],
    ['SlurmdTimeout', options.slurmdTimeout ?? 5],
    ['KillWait', options.killWait ?? 5],
  ];
  const memory: typeof settings = [
    ['JobAcctGatherType', 'jobacct_gather/linux'],
    ['JobAcctGatherFrequency', 1],
    ['JobAcctGatherParams', 'OverMemoryKill'],
  ];
  const preempting: typeof settings = [
    ['PreemptType', 'preempt/partition_prio'],
    ['PreemptMode', 'REQUEUE'],
  ];
  const lines = [
    ...settings,
    ...(enforceMemory ? memory : []),
    ...(preemption ? preempting : []),
    ...(limitedQueue ? [['JobSubmitPlugins', 'lua'] as const] : []),
  ].map(([name, value]) => `${name}=${value}`);
  const nodes = nodePorts.map(
    (port, i) =>
      `NodeName=${nodeName(i)} NodeHostname=localhost NodeAddr=127.0.0.1 Port=${port} CPUs=1 RealMemory=${nodeMemory} State=UNKNOWN`,
  );
  const partition = 'Nodes=ALL MaxTime=INFINITE State=UP';
  const partitions = [
    `PartitionName=main ${partition} Default=YES PriorityTier=1`,
    ...(preemption ? [`PartitionName=urgent ${partition} PriorityTier=2`] : []),
  ];
  return [...lines, ...nodes, ...partitions, ''].join('\n');
}

/** job_submit.lua: a job or array is taken when the file `room` is missing or has a number as large as its tasks. */
export function limitedQueueScript(folder: string): string {
  return `
local function tasks(job)
  if job.array_inx == nil then return 1 end
  local first, last = string.match(job.array_inx, "^(%d+)-(%d+)")
  return first == nil and 1 or last - first + 1
end
function slurm_job_submit(job, partitions, uid)
  local file = io.open("${folder}/room")
  if file == nil then return slurm.SUCCESS end
  local room = tonumber(file:read("*a"))
  file:close()
  if tasks(job) > room then
    slurm.log_user("QOSMaxSubmitJobPerUserLimit")
    return 2050
  end
  file = io.open("${folder}/room", "w")
  file:write(string.format("%d", room - tasks(job)))
  file:close()
  return slurm.SUCCESS
end
function slurm_job_modify() return slurm.SUCCESS end
return slurm.SUCCESS
`;
}
