import { type JobArray, type JobPlan, packetSeconds } from '../slurm/job-plan.js';

/** What a run would take as job arrays. */
export interface ClusterCosts {
  readonly arrays: number;
  readonly tasks: number;
  /** Seconds of the longest task; of units of which nothing is known nothing is counted. */
  readonly longest: number;
  /** Tasks of one array at one time; null where the cluster decides, and all are taken to run at once. */
  readonly tasksAtOnce: number | null;
  /** By the clock, with no time in the queue: the stages one after the other, and the arrays of a stage side by side. */
  readonly seconds: number;
  /** Bytes that the largest task asks for; null when no unit tells its memory and nothing is set, or all of a node is. */
  readonly memory: number | null;
}

export function clusterCosts({ arrays }: JobPlan, tasksAtOnce: number | undefined): ClusterCosts {
  const times = arrays.map(({ stage, cpus, packets }) => ({
    stage,
    seconds: packets.map((one) => packetSeconds(one, cpus)),
  }));
  const stages = [...new Set(times.map(({ stage }) => stage))];
  const inStage = (stage: number) => times.filter((one) => one.stage === stage);
  const memories = arrays.flatMap(({ memory }: JobArray) => memory || []);
  return {
    arrays: arrays.length,
    tasks: times.reduce((total, { seconds }) => total + seconds.length, 0),
    longest: Math.max(0, ...times.flatMap(({ seconds }) => seconds)),
    tasksAtOnce: tasksAtOnce ?? null,
    seconds: stages
      .map((stage) =>
        Math.max(...inStage(stage).map(({ seconds }) => clockTime(seconds, tasksAtOnce ?? seconds.length))),
      )
      .reduce((total, seconds) => total + seconds, 0),
    memory: memories.length === 0 ? null : Math.max(...memories),
  };
}

/** Each task takes the first place that is free, in the order of the array. */
function clockTime(tasks: readonly number[], places: number): number {
  const busyUntil = new Array<number>(Math.max(1, Math.min(places, tasks.length))).fill(0);
  for (const seconds of tasks) {
    const first = busyUntil.indexOf(Math.min(...busyUntil));
    busyUntil[first] += seconds;
  }
  return Math.max(...busyUntil);
}
