import type { RealArray } from '@hessian-rmt/numerics';
import { type Grid, gridOf } from '../grid.js';
import type { PlacedLayer } from '../layout.js';
import type { Dense } from '../network.js';
import { zeros } from '../planes.js';
import type { Deltas, Signal } from '../signal.js';
import { type OwnParameters, ownParameters } from './own-parameters.js';
import type { Step, Workspace } from './step.js';

/** Z = A W^T + b with the matrix [W | b] of outputs x columns, and A the images as rows. */
export class DenseStep<T extends RealArray> implements Step<T> {
  private readonly matrix: OwnParameters<T>;
  private readonly inputs: number;
  private readonly outputs: number;
  private readonly columns: number;
  private readonly rows: ImageRows<T>;

  constructor(
    { layer, parameters }: PlacedLayer<Dense>,
    readonly input: Signal<T>,
    readonly output: Signal<T>,
    private readonly workspace: Workspace<T>,
  ) {
    this.matrix = ownParameters(workspace, parameters[0]);
    [this.outputs, this.columns] = parameters[0].shape;
    this.inputs = this.columns - (layer.bias ? 1 : 0);
    this.rows = new ImageRows(input, workspace);
  }

  forward(): void {
    const { rows, matrix, output, workspace } = this;
    this.timesTransposed(rows.values(workspace.images), matrix.weights, output.values, 0);
    this.addBias(matrix.weights, output.values);
  }

  tangent(): void {
    const { rows, matrix, input, output, workspace } = this;
    this.timesTransposed(rows.values(workspace.images), matrix.vector, output.tangents, 0);
    if (!input.constant) {
      this.timesTransposed(rows.tangents(workspace.images), matrix.weights, output.tangents, 1);
    }
    this.addBias(matrix.vector, output.tangents);
  }

  backward({ values, tangents }: Deltas<T>): Deltas<T> | undefined {
    const { rows, matrix, input, workspace } = this;
    const { images, pool } = workspace;
    this.addGradient(tangents ?? values, rows.values(images), 0);
    this.biasGradient(tangents ?? values);
    if (input.constant) return undefined;
    if (tangents) this.addGradient(values, rows.tangents(images), 1);

    const back = pool.take(input.shape);
    rows.write(images, back, (into) => this.times(values, matrix.weights, into, 0));
    if (!tangents) return { values: back };
    const tangentsBack = pool.take(input.shape);
    rows.write(images, tangentsBack, (into) => {
      this.times(tangents, matrix.weights, into, 0);
      this.times(values, matrix.vector, into, 1);
    });
    return { values: back, tangents: tangentsBack };
  }

  /** c := a W^T + beta c. */
  private timesTransposed(a: T, b: T, c: T, beta: number): void {
    const { inputs: k, outputs: n, columns: ldb, workspace } = this;
    workspace.linearAlgebra.gemm({ transposeB: true, m: workspace.images, n, k, a, lda: k, b, ldb, beta, c, ldc: n });
  }

  /** c := a W + beta c. */
  private times(a: T, b: T, c: T, beta: number): void {
    const { inputs: n, outputs: k, columns: ldb, workspace } = this;
    workspace.linearAlgebra.gemm({ m: workspace.images, n, k, a, lda: k, b, ldb, beta, c, ldc: n });
  }

  /** dW := delta^T A + beta dW. */
  private addGradient(a: T, b: T, beta: number): void {
    const { inputs: n, outputs: m, columns: ldc, workspace, matrix } = this;
    const product = { transposeA: true, m, n, k: workspace.images, a, lda: m, b, ldb: n, beta, c: matrix.result, ldc };
    workspace.linearAlgebra.gemm(product);
  }

  private addBias(matrix: T, z: T): void {
    const { inputs, outputs, columns, workspace } = this;
    if (columns === inputs) return;
    for (let n = 0; n < workspace.images; n++) {
      for (let i = 0; i < outputs; i++) z[n * outputs + i] += matrix[i * columns + inputs];
    }
  }

  private biasGradient(delta: T): void {
    const { inputs, outputs, columns, workspace, matrix } = this;
    if (columns === inputs) return;
    for (let i = 0; i < outputs; i++) {
      let sum = 0;
      for (let n = 0; n < workspace.images; n++) sum += delta[n * outputs + i];
      matrix.result[i * columns + inputs] = sum;
    }
  }
}

/** The images of a signal as rows of a matrix: itself where it has no margin, else a copy. */
class ImageRows<T extends RealArray> {
  private readonly copy: { readonly values: T; readonly tangents: T; readonly delta: T } | undefined;
  private readonly grid: Grid;

  constructor(
    private readonly signal: Signal<T>,
    { precision, capacity }: Workspace<T>,
  ) {
    const { height, width, channels, margin } = signal.shape;
    const length = capacity * height * width * channels;
    this.grid = gridOf(signal.shape);
    const matrix = () => zeros<T>(precision, length);
    if (margin > 0) this.copy = { values: matrix(), tangents: matrix(), delta: matrix() };
  }

  values(images: number): T {
    return this.copy ? this.compact(images, this.signal.values, this.copy.values) : this.signal.values;
  }

  tangents(images: number): T {
    return this.copy ? this.compact(images, this.signal.tangents, this.copy.tangents) : this.signal.tangents;
  }

  /** Lets `fill` write rows and puts them into planes. */
  write(images: number, planes: T, fill: (rows: T) => void): void {
    const delta = this.copy?.delta ?? planes;
    fill(delta);
    if (delta === planes) return;
    this.forEachRow(images, (inPlanes, inRows, length) => {
      planes.set(delta.subarray(inRows, inRows + length), inPlanes);
    });
  }

  private compact(images: number, planes: T, rows: T): T {
    this.forEachRow(images, (inPlanes, inRows, length) => {
      rows.set(planes.subarray(inPlanes, inPlanes + length), inRows);
    });
    return rows;
  }

  private forEachRow(images: number, visit: (inPlanes: number, inRows: number, length: number) => void): void {
    const { height, origin, rowLength, rowStride, imageStride } = this.grid;
    for (let n = 0; n < images; n++) {
      for (let y = 0; y < height; y++) {
        visit(origin + n * imageStride + y * rowStride, (n * height + y) * rowLength, rowLength);
      }
    }
  }
}
