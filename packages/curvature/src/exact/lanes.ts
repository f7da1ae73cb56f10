/**
 * Lets BLAS sum one product while the factors of the next are formed: each lane has buffers of its own and at most one
 * product under way, and lanes take turns.
 */
export class Lanes {
  private readonly underWay: Promise<void>[];
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

  start(lane: number, product: Promise<void>): void {
    // An error waits for whoever asks for the lane next, and is no unhandled rejection until then.
    product.catch(() => {});
    this.underWay[lane] = product;
  }

  /** Until all products are done. */
  async finished(): Promise<void> {
    await Promise.all(this.underWay);
  }
}
