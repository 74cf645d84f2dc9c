/** Takes in numbers and gives out the one of the lowest rank: a binary min-heap. */
export class RankQueue {
  private readonly rank: Int32Array;
  private readonly heap: Int32Array;
  private size = 0;

  /**
   * @param order the numbers it can hold, each in it once at most, lowest rank first
   * @param count one more than the highest number
   */
  constructor(order: Int32Array, count: number) {
    this.rank = new Int32Array(count);
    this.heap = new Int32Array(order.length);
    order.forEach((number, place) => {
      this.rank[number] = place;
    });
  }

  push(number: number): void {
    const { heap, rank } = this;
    let hole = this.size++;
    while (hole > 0) {
      const above = (hole - 1) >> 1;
      if (rank[heap[above]!]! < rank[number]!) break;
      heap[hole] = heap[above]!;
      hole = above;
    }
    heap[hole] = number;
  }

  /** The queue must not be empty. */
  pop(): number {
    const { heap, rank } = this;
    const first = heap[0]!;
    const moved = heap[--this.size]!;
    let hole = 0;
    for (let child = 1; child < this.size; child = 2 * hole + 1) {
      if (child + 1 < this.size && rank[heap[child + 1]!]! < rank[heap[child]!]!) child++;
      if (rank[moved]! < rank[heap[child]!]!) break;
      heap[hole] = heap[child]!;
      hole = child;
    }
    heap[hole] = moved;
    return first;
  }
}
