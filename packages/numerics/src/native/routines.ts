/** A function of the library: called on this thread, or with `async` on one of koffi's pool. */
export interface Routine {
  (...args: unknown[]): unknown;
  async(...args: unknown[]): void;
}

/** What is used here of koffi's library handle. */
export interface SharedLibrary {
  /** @throws Error if the library has no such symbol */
  func(prototype: string): Routine;
}

// `?` is the letter of the precision and `real` its type. Fortran (names in `_`) takes everything by address, and the
// length of each string as a hidden value at the end; leaving it out works only until a compiler reuses its place.
const prototypes = {
  gemm: 'void cblas_?gemm(int, int, int, int, int, int, real, real *, int, real *, int, real, real *, int)',
  syrk: 'void cblas_?syrk(int, int, int, int, int, real, real *, int, real, real *, int)',
  gemv: 'void cblas_?gemv(int, int, int, int, real, real *, int, real *, int, real, real *, int)',
  syevd:
    'void ?syevd_(char *, char *, int *, real *, int *, real *, real *, int *, int *, int *, int *, size_t, size_t)',
  syevr:
    'void ?syevr_(char *, char *, char *, int *, real *, int *, real *, real *, int *, int *, real *, int *, real *, ' +
    'real *, int *, int *, real *, int *, int *, int *, int *, size_t, size_t, size_t)',
  sterf: 'void ?sterf_(int *, real *, real *, int *)',
  potrf: 'void ?potrf_(char *, int *, real *, int *, int *, size_t)',
  gelqf: 'void ?gelqf_(int *, int *, real *, int *, real *, real *, int *, int *)',
  orglq: 'void ?orglq_(int *, int *, int *, real *, int *, real *, real *, int *, int *)',
  gesdd:
    'void ?gesdd_(char *, int *, int *, real *, int *, real *, real *, int *, real *, int *, real *, int *, int *, ' +
    'int *, size_t)',
  gesvd:
    'void ?gesvd_(char *, char *, int *, int *, real *, int *, real *, real *, int *, real *, int *, real *, int *, ' +
    'int *, size_t, size_t)',
} as const;

/** Those that a library may lack: it serves all the same. */
const optionalPrototypes = {
  // since LAPACK 3.7; Accelerate's classic interface is older
  syevd2stage:
    'void ?syevd_2stage_(char *, char *, int *, real *, int *, real *, real *, int *, int *, int *, int *, size_t, size_t)',
  // an extension of OpenBLAS: B := alpha op(A), of whose sizes rows and columns are those of A as it is stored
  omatcopy: 'void cblas_?omatcopy(int, int, int, int, real, real *, int, real *, int)',
  // in every LAPACK, for two methods of eigenvalues that few ask for
  sytrd: 'void ?sytrd_(char *, int *, real *, int *, real *, real *, real *, real *, int *, int *, size_t)',
  stemr:
    'void ?stemr_(char *, char *, int *, real *, real *, real *, real *, int *, int *, int *, real *, real *, int *, ' +
    'int *, int *, int *, real *, int *, int *, int *, int *, size_t, size_t)',
  stebz:
    'void ?stebz_(char *, char *, int *, real *, real *, int *, int *, real *, real *, real *, int *, int *, real *, ' +
    'int *, int *, real *, int *, int *, size_t, size_t)',
} as const;

export type RoutineName = keyof typeof prototypes;

export type OptionalRoutineName = keyof typeof optionalPrototypes;

export type Routines = Readonly<Record<RoutineName, Routine> & Record<OptionalRoutineName, Routine | undefined>>;

/** @throws Error naming the first symbol that is missing */
export function bindRoutines(library: SharedLibrary, precision: 'double' | 'float'): Routines {
  const letter = precision === 'double' ? 'd' : 's';
  const bind = (prototype: string) => library.func(prototype.replace('?', letter).replaceAll('real', precision));
  const all = <T>(from: Readonly<Record<string, string>>, routineOf: (prototype: string) => T) =>
    Object.fromEntries(Object.entries(from).map(([name, prototype]) => [name, routineOf(prototype)]));
  return {
    ...all(prototypes, bind),
    ...all(optionalPrototypes, (prototype) => optional(() => bind(prototype))),
  } as unknown as Routines;
}

/** The symbol, or undefined where the library lacks it. */
export function optional<T>(bind: () => T): T | undefined {
  try {
    return bind();
  } catch {
    return undefined;
  }
}
