/**
 * Lets BLAS sum one product while the factors of the next are formed: each lane has buffers of its own and at most one
 * product under way, and lanes take turns.
 */
export class Lanes {
  private readonly underWay: Promise<void>[];
  private putting: Promise<void> = Promise.resolve();
  private turn = 0;

  constructor(count: number) {
    this.underWay = Array.from({ length: count }, () => Promise.resolve());
  }

  /** The next lane, as soon as its product is done. @throws what that product threw */
  async next(): Promise<number> {
    this.turn = (this.turn + 1) % this.underWay.length;
    await this.underWay[this.turn];
    return this.turn;
  }

  /**
   * @param put  what is to be done with the product: in the order of the starts, whichever is done first, since the last
   *   bits of a sum depend on the order of its terms
   */
  start(lane: number, product: Promise<void>, put?: () => void): void {
    let done = product;
    if (put) {
      done = Promise.all([product, this.putting]).then(put);
      this.putting = done;
    }
    // An error waits for whoever asks for the lane next, and is no unhandled rejection until then.
    done.catch(() => {});
    this.underWay[lane] = done;
  }

  /** Until all products are done. */
  async finished(): Promise<void> {
    await Promise.all(this.underWay);
  }
}
