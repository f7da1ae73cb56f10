/** The C side of a call: through koffi, synchronous or on a thread of its pool. */
export interface Routine {
  (...args: unknown[]): unknown;
  async(...args: unknown[]): void;
}

/** What of koffi's library handle is used here. */
export interface SharedLibrary {
  func(prototype: string): Routine;
}

// Fortran passes everything by address, and the length of each string as a hidden value at the end. Leaving these
// lengths out works until a compiler reuses their place on the stack, so they are passed; C implementations ignore them.
const prototypes = {
  gemm: 'void cblas_?gemm(int, int, int, int, int, int, real, real *, int, real *, int, real, real *, int)',
  syrk: 'void cblas_?syrk(int, int, int, int, int, real, real *, int, real, real *, int)',
  gemv: 'void cblas_?gemv(int, int, int, int, real, real *, int, real *, int, real, real *, int)',
  syevd:
    'void ?syevd_(char *, char *, int *, real *, int *, real *, real *, int *, int *, int *, int *, size_t, size_t)',
} as const;

export type RoutineName = keyof typeof prototypes;
export type Routines = Readonly<Record<RoutineName, Routine>>;

/** Binds every routine for one precision. @throws Error naming the first symbol that is missing */
export function bindRoutines(library: SharedLibrary, precision: 'double' | 'float'): Routines {
  const letter = precision === 'double' ? 'd' : 's';
  const bind = (prototype: string) => library.func(prototype.replace('?', letter).replaceAll('real', precision));
  return Object.fromEntries(Object.entries(prototypes).map(([name, text]) => [name, bind(text)])) as Routines & object;
}
