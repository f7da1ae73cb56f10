import { join } from 'node:path';

// Only the Linux names of OpenBLAS have been tried; the others stand in the documentation of the distributions.
const openblas = {
  // Debian, Ubuntu, Arch, conda; Fedora and openSUSE with pthreads, then OpenMP, then one thread under the first name
  linux: ['libopenblasp.so.0', 'libopenblaso.so.0', 'libopenblas.so.0', 'libopenblas.so'],
  darwin: ['libopenblas.dylib', 'libopenblas.0.dylib'],
  win32: ['libopenblas.dll', 'openblas.dll'],
} as const;

const mkl = {
  linux: ['libmkl_rt.so.2', 'libmkl_rt.so.1', 'libmkl_rt.so'],
  darwin: ['libmkl_rt.2.dylib', 'libmkl_rt.dylib'],
  win32: ['mkl_rt.2.dll', 'mkl_rt.1.dll'],
} as const;

const homebrew = ['/opt/homebrew/opt/openblas/lib/libopenblas.dylib', '/usr/local/opt/openblas/lib/libopenblas.dylib'];

/** On every Mac; not a file, but the dynamic linker knows it. */
const accelerate = '/System/Library/Frameworks/Accelerate.framework/Accelerate';

/**
 * Where a platform may keep a BLAS and LAPACK library, in the order in which they are tried: the conda environment that
 * is active, then OpenBLAS, Accelerate, MKL. A bare name is for the dynamic linker to find.
 */
export function candidates(
  platform: NodeJS.Platform = process.platform,
  condaPrefix: string | undefined = process.env.CONDA_PREFIX,
): readonly string[] {
  const system = platform === 'darwin' || platform === 'win32' ? platform : 'linux';
  const folder = condaPrefix && join(condaPrefix, ...(system === 'win32' ? ['Library', 'bin'] : ['lib']));
  const conda = folder ? [...openblas[system], ...mkl[system]].map((name) => join(folder, name)) : [];
  const own = system === 'darwin' ? [...homebrew, ...openblas.darwin, accelerate] : openblas[system];
  return [...conda, ...own, ...mkl[system]];
}
