// Concepts of vectors alone, as in a browser: groups around four random directions are found again.
import { ConceptModel, matrix, Rng } from "conceptmodel";

const [rows, cols] = [400, 64];
const rng = new Rng(1);
const directions = Array.from({ length: 4 }, () =>
  Float32Array.from({ length: cols }, () => rng.uniform() - 0.5),
);
const data = Float32Array.from({ length: rows * cols }, (_, i) => {
  const direction = directions[Math.floor(i / cols) % 4];
  return direction[i % cols] + 0.2 * (rng.uniform() - 0.5);
});

const model = await new ConceptModel({ minConceptSize: 20 }).fit([], {
  imageEmbeddings: matrix(data, rows, cols),
});
console.log(model.frequency);
