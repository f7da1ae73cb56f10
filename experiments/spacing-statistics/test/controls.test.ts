import { linearAlgebra, type RandomStream, randomStream } from '@hessian-rmt/numerics';
import { checkFigure } from '@hessian-rmt/plotting';
import type { Unit, UnitResult } from '@hessian-rmt/replication';
import { betaHermiteEigenvalues, poissonLevels } from '@hessian-rmt/rmt';
import { describe, expect, it } from 'vitest';
import type { ControlSpectraConfig } from '../src/control-spectra.js';
import { controls } from '../src/controls.js';

const algebra = await linearAlgebra({ threads: 1 });

const goe = (size: number, random: RandomStream) => betaHermiteEigenvalues({ size, beta: 1 }, random, algebra);
const poisson = (size: number, random: RandomStream) => poissonLevels(size, random).map((level) => level / size - 0.5);

/**
 * What the units of the controls could have found: 300 levels from 1 to 5, independent where the matrix is made so, else
 * the GOE's; and 500 zeros, rounded to a GOE's levels times 1e-16, by MRRR to independent ones.
 */
async function found(unit: Unit, portable: boolean): Promise<UnitResult> {
  const { matrix, solver, precision, count } = unit.config as unknown as ControlSpectraConfig;
  if (portable && !['QL', 'two-stage QL'].includes(solver)) {
    return { numbers: { size: 800, solved: false }, arrays: {} };
  }
  const rows: number[][] = [];
  for (let i = 0; i < count; i++) {
    // The permuted Hessian has the Hessian's levels, and roundings of its own.
    const levels = randomStream(1, matrix.replace('permuted ', ''), `${i}`);
    const rounding = randomStream(1, 'rounding', matrix, solver, `${i}`);
    const independent = matrix === 'independent levels' || matrix === 'equal factors';
    const real = await (independent ? poisson : goe)(300, levels);
    const zeros = await (solver === 'MRRR' ? poisson : goe)(500, rounding);
    const size = precision === 'float64' ? 1e-16 : 1e-8;
    rows.push([...zeros.map((value) => size * value), ...real.map((value) => 3 + value)].sort((a, b) => a - b));
  }
  const values = rows.flat();
  const data = precision === 'float64' ? Float64Array.from(values) : Float32Array.from(values);
  return { numbers: { size: 800, solved: true }, arrays: { values: { shape: [count, 800], data } } };
}

async function presentedWith(portable: boolean) {
  const settings = controls.profiles.laptop;
  const units = controls.units(settings);
  const results = new Map<string, UnitResult>();
  for (const unit of units) results.set(JSON.stringify(unit), await found(unit, portable));
  const of = (unit: Unit) => results.get(JSON.stringify(unit))!;
  const { figures, tables, claims } = await controls.present({ of }, settings, 'laptop');
  return { figure: figures![0], table: tables![0], claims: claims! };
}

describe('The controls', () => {
  it('judge levels and rounded zeros apart', async () => {
    const { claims, table } = await presentedWith(false);
    const verdicts = Object.fromEntries(claims.map(({ id, verdict }) => [id, verdict]));
    expect(verdicts).toEqual({
      'X1.solver-mrrr-hessian': 'reproduced',
      // Drawn from the GOE here, so that it is none other than by QL.
      'X1.solver-divide-and-conquer-hessian': 'not reproduced',
      'X1.solver-levels-hessian': 'reproduced',
      'X1.solver-mrrr-wishart-levels': 'reproduced',
      'X1.solver-divide-and-conquer-wishart-levels': 'not reproduced',
      'X1.solver-levels-wishart-levels': 'reproduced',
      'X1.independent-levels': 'reproduced',
      'X1.independent-levels-published': 'reproduced',
      'X1.equal-factors': 'reproduced',
      'X1.permuted': 'reproduced',
    });
    // Two matrices by six solvers and three by one, and all five in float32.
    expect(table.rows).toHaveLength(2 * 6 + 3 + 5);
  });

  it('leave out the eigensolvers that the portable library has not', async () => {
    const { claims, table, figure } = await presentedWith(true);
    checkFigure(figure);
    expect(new Set(table.rows.map(([, solver]) => solver))).toEqual(new Set(['QL', 'two-stage QL']));
    expect(claims.filter(({ id }) => /mrrr|divide/.test(id))).toEqual([]);
    expect(claims.map(({ id }) => id)).toContain('X1.solver-levels-hessian');
    for (const { measured } of claims) expect(Number.isFinite(measured)).toBe(true);
  });
});
