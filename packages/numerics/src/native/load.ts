import type { LibraryInfo, LinearAlgebra } from '../linear-algebra.js';
import { nativeLinearAlgebra } from './native.js';
import { bindRoutines } from './routines.js';

export async function loadLibrary(path: string, threads?: number): Promise<LinearAlgebra> {
  const { default: koffi } = await import('koffi');
  try {
    koffi.config({ async_stack_size: 16 * 2 ** 20, sync_stack_size: 16 * 2 ** 20 });
  } catch {
    // a library is loaded already
  }
  const library = koffi.load(path);
  if (threads !== undefined) library.func('void openblas_set_num_threads(int)')(threads);
  const config = String(library.func('const char *openblas_get_config()')());
  const core = String(library.func('const char *openblas_get_corename()')());
  const version = config.split(' ').slice(0, 2).join(' ');
  const info: LibraryInfo = {
    kind: 'openblas',
    description: `${version} on ${core}`,
    identity: version,
    path,
    threads: Number(library.func('int openblas_get_num_threads()')()),
  };
  return nativeLinearAlgebra(info, {
    double: bindRoutines(library as never, 'double'),
    float: bindRoutines(library as never, 'float'),
  });
}
