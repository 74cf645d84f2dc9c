/** Memory of tensors that is used again, batch after batch, instead of being left to the garbage collectors of two threads. */
export class TensorMemory {
  private readonly spare: Float32Array[] = [];

  /** Of any content. */
  take(length: number): Float32Array {
    const fitting = this.spare.findIndex((tensor) => tensor.length === length);
    return fitting < 0 ? new Float32Array(length) : this.spare.splice(fitting, 1)[0]!;
  }

  give(tensor: Float32Array): void {
    // Sizes change only when another batch size is tried: what is of another size will not be asked for again.
    if (this.spare.some(({ length }) => length !== tensor.length)) this.spare.length = 0;
    this.spare.push(tensor);
  }
}
