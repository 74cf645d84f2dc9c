// Concepts of a folder of pictures: node examples/folder.mjs ./photos
import { ConceptModel } from "conceptmodel/node";

const model = new ConceptModel({ embeddingModel: process.argv[3] ?? "mini" });
await model.fit(process.argv[2] ?? "demo-output/emoji");

for (const { id, size, name, words } of model.fitted.concepts) {
  console.log(
    `${id}. ${name} (${size}): ${words
      .slice(0, 5)
      .map(({ word }) => word)
      .join(", ")}`,
  );
}
console.log(await model.findConcepts("fruit", 3));
await model.close();
