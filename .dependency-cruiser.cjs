/**
 * The floors of the house: an import only ever points down.
 *
 *   experiments > replication > plotting, curvature > models, rmt > numerics
 */
const floors = [
  { name: 'numerics', mayUse: [] },
  { name: 'rmt', mayUse: ['numerics'] },
  { name: 'models', mayUse: ['numerics'] },
  { name: 'curvature', mayUse: ['numerics', 'models'] },
  { name: 'plotting', mayUse: ['numerics'] },
  { name: 'replication', mayUse: ['numerics', 'rmt', 'models', 'curvature', 'plotting'] },
];

module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'declared-dependencies',
      severity: 'error',
      from: { pathNot: '/(test|bench|faults)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    ...floors.map(({ name, mayUse }) => ({
      name: `${name}-points-down`,
      severity: 'error',
      from: { path: `^packages/${name}/` },
      to: { path: '^(packages|experiments)/', pathNot: `^packages/(${[name, ...mayUse].join('|')})/` },
    })),
    {
      name: 'experiments-stand-alone',
      comment: 'A paper holds no numerics that a second paper could use, so no paper imports another.',
      severity: 'error',
      from: { path: '^experiments/([^/]+)/' },
      to: { path: '^experiments/', pathNot: '^experiments/$1/' },
    },
    {
      name: 'source-does-not-use-tests',
      severity: 'error',
      from: { path: '/src/' },
      to: { path: '/(test|bench|faults)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      conditionNames: ['@hessian-rmt/source', 'import', 'types', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
};
