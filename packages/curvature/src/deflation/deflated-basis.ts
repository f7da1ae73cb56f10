import { type DenseNetwork, type LayerShape, layerShapes } from '@hessian-rmt/models';
import type { LinearAlgebra } from '@hessian-rmt/numerics';
import { Scratch } from '../exact/scratch.js';
import type { SymmetricMatrix } from '../operator.js';
import type { ColumnsBelow } from './across-units.js';
import { hasShift, toContrasts } from './contrasts.js';
import type { LayerRange } from './layer-range.js';
import type { LayerSamples } from './layer-samples.js';

/** Q, with orthonormal columns that span everything the Hessian of a (reduced) network can reach: layer after layer. */
export class DeflatedBasis {
  readonly size: number;
  readonly parameters: number;
  private readonly shapes: readonly LayerShape[];
  private readonly starts: readonly number[];
  private readonly scratch = new Scratch();

  constructor(
    private readonly network: DenseNetwork,
    readonly ranges: readonly LayerRange[],
    private readonly linearAlgebra: LinearAlgebra,
  ) {
    this.shapes = layerShapes(network);
    this.parameters = this.shapes.reduce((sum, { rows, columns }) => sum + rows * columns, 0);
    let size = 0;
    this.starts = ranges.map((range) => {
      const start = size;
      size += range.size;
      return start;
    });
    this.size = size;
  }

  /** result := X Q, count x size. X is count x parameters and is overwritten. */
  multiply(x: Float64Array, count: number, result: Float64Array): void {
    const { linearAlgebra, scratch, size, parameters } = this;
    this.ranges.forEach(({ samples, units, across }, m) => {
      const { offset, rows, columns } = this.shapes[m];
      const width = samples.columns.length;
      if (this.contrastsAt(m)) {
        for (let r = 0; r < count; r++) {
          const start = r * parameters + offset;
          for (let q = 0; q < columns; q++) toContrasts(x, start + q, rows, columns);
        }
      }
      const gathered = scratch.take('gathered', count * width);
      const first = this.starts[m] + units.reduce((sum, { rank }) => sum + rank, 0);
      let to = this.starts[m];
      let beta = 0;
      units.forEach(({ rank, basis }, position) => {
        const from = offset + samples.units[position] * columns;
        if (!basis) copyColumns(x, from, parameters, samples.columns, count, result, to, size);
        else {
          copyColumns(x, from, parameters, samples.columns, count, gathered, 0, width);
          const product = { transposeB: true, m: count, k: width, a: gathered, lda: width, ldc: size };
          if (rank > 0) linearAlgebra.gemm({ ...product, n: rank, b: basis, ldb: width, c: result.subarray(to) });
          const at = across.units.indexOf(position);
          if (at >= 0 && across.rank > 0) {
            const b = across.basis.subarray(at * width);
            const ldb = across.units.length * width;
            linearAlgebra.gemm({ ...product, n: across.rank, b, ldb, beta, c: result.subarray(first) });
            beta = 1;
          }
        }
        to += rank;
      });
    });
  }

  /** Q v among the parameters. */
  expand(v: Float64Array): Float64Array {
    const result = new Float64Array(this.parameters);
    this.ranges.forEach(({ samples, units, across }, m) => {
      const { offset, rows, columns } = this.shapes[m];
      const width = samples.columns.length;
      const add = (position: number, values: Float64Array) => {
        const start = offset + samples.units[position] * columns;
        for (let j = 0; j < width; j++) result[start + samples.columns[j]] += values[j];
      };
      let from = this.starts[m];
      units.forEach(({ rank, basis }, position) => {
        const own = v.subarray(from, from + rank);
        if (rank > 0) add(position, basis ? this.combine(basis, rank, width, own) : own);
        from += rank;
      });
      if (across.rank > 0) {
        const length = across.units.length * width;
        const sum = this.combine(across.basis, across.rank, length, v.subarray(from, from + across.rank));
        across.units.forEach((position, at) => {
          add(position, sum.subarray(at * width));
        });
      }
      if (this.contrastsAt(m)) for (let q = 0; q < columns; q++) toContrasts(result, offset + q, rows, columns);
    });
    return result;
  }

  /** The sum of the rows of a basis, times v. */
  private combine(basis: Float64Array, rank: number, length: number, v: Float64Array): Float64Array {
    const sum = new Float64Array(length);
    this.linearAlgebra.gemv({ transpose: true, m: rank, n: length, a: basis, lda: length, x: v, y: sum });
    return sum;
  }

  /** The A_k of these layers, without those units of the last one. */
  ofInputs(without: ReadonlySet<number>): DeflatedBasis {
    const ranges = this.ranges.map(({ samples, inputs }, l): LayerRange => {
      const left = (k: number) => l === this.ranges.length - 1 && without.has(k);
      const units = inputs.map((unit, k) => (left(k) ? { rank: 0, basis: new Float64Array(0) } : unit));
      const across = { units: [], rank: 0, basis: new Float64Array(0) };
      return { samples, units, across, inputs, size: units.reduce((sum, { rank }) => sum + rank, 0) };
    });
    return new DeflatedBasis(this.network, ranges, this.linearAlgebra);
  }

  /** The Hessian's block between the layers of this basis and layer m, in this basis. */
  columnsOf({ n, data }: SymmetricMatrix, m: number, samples: LayerSamples): ColumnsBelow {
    const { columns, offset } = this.shapes[m];
    return {
      count: this.size,
      ofUnit: async (unit) => {
        const rows = this.scratch.take('rows', samples.columns.length * n);
        for (const [j, q] of samples.columns.entries()) {
          const row = offset + samples.units[unit] * columns + q;
          rows.set(data.subarray(row * n, (row + 1) * n), j * n);
        }
        const product = this.scratch.take('columns', samples.columns.length * this.size);
        this.multiply(rows, samples.columns.length, product);
        return product;
      },
    };
  }

  private contrastsAt(m: number): boolean {
    return m === this.shapes.length - 1 && hasShift(this.network);
  }
}

/** Columns `from` + columns[j] of a to columns `to` + j of b, for `count` rows. */
function copyColumns(
  a: Float64Array,
  from: number,
  lda: number,
  columns: readonly number[],
  count: number,
  b: Float64Array,
  to: number,
  ldb: number,
): void {
  const width = columns.length;
  for (let r = 0; r < count; r++) {
    const source = r * lda + from;
    const target = r * ldb + to;
    for (let j = 0; j < width; j++) b[target + j] = a[source + columns[j]];
  }
}
