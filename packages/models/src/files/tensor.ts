/** A named array of a file of weights. */
export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** As the file calls the type of the elements: `f4` in an .npz, `F32` in a .safetensors file. */
  readonly type: string;
  /**
   * The elements in C order (last index fastest), exactly.
   *
   * @throws DataFileError naming file and tensor for elements that are no floating-point numbers
   */
  values(): Float64Array;
}
