import { expect, test } from "vitest";
import { fileNameCaption } from "../../../src/node/captions/file-name-caption.ts";

test.each([
  ["photos/golden-retriever_01.jpg", "golden retriever"],
  ["Hafen Lübeck (2).png", "Hafen Lübeck"],
  ["cat12.jpeg", "cat"],
  ["猫と犬.jpg", "猫と犬"],
  ["photo of a dog.jpg", "photo of a dog"],
  ["IMG_2041.JPG", ""],
  ["DSC00012-edited.jpg", ""],
  ["20240501_123456.jpg", ""],
  ["3f9c20aa-11.png", ""],
  ["a.jpg", ""],
])("%s says %j", (path, caption) => {
  expect(fileNameCaption(path)).toBe(caption);
});
