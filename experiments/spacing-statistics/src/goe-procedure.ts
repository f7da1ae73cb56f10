import { defineUnitKind } from '@hessian-rmt/replication';
import { goeReference } from '@hessian-rmt/rmt';
import { agreement } from './authors-procedure.js';

export type GoeProcedureConfig = {
  /** Levels of a spectrum. */
  readonly size: number;
  /** Spectra, a third of them analysed. */
  readonly spectra: number;
  readonly draws: number;
};

/** True GOE spectra through the authors' procedure: what its distances are when the claim holds exactly. */
export const goeProcedure = defineUnitKind<GoeProcedureConfig>({
  name: 'goe-procedure',
  module: import.meta.url,

  async run({ size, spectra, draws }, { random, linearAlgebra }) {
    const sizes = Array.from({ length: spectra }, () => size);
    const through = (drawn: readonly Float64Array[]) => ({ ...agreement(drawn) });
    const reference = await goeReference({ sizes, draws, through }, random, linearAlgebra);
    return {
      numbers: {},
      arrays: Object.fromEntries(
        Object.entries(reference).map(([name, { values }]) => [name, { shape: [draws], data: values }]),
      ),
    };
  },

  cost: ({ size, spectra, draws }) => ({ flops: 0, seconds: draws * spectra * (4e-8 * size ** 2 + 1e-6 * size) }),
});
