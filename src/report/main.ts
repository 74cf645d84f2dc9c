import type { ReportData } from "../core/report/report-data.ts";
import { ConceptList } from "./concept-list.ts";
import { uint16, uint32 } from "./decode.ts";
import { element } from "./element.ts";
import { listen } from "./map-input.ts";
import { MapView } from "./map-view.ts";
import { Thumbnails } from "./thumbnails.ts";
import { WordSearch } from "./word-search.ts";

const data = JSON.parse(document.getElementById("report")!.textContent!) as ReportData;
const groups = uint32(data.groups);
const canvas = element("canvas", "map");
canvas.tabIndex = 0;
canvas.setAttribute("role", "application");
canvas.setAttribute("aria-label", "Map of all pictures. Arrows move, plus and minus zoom, 0 shows all.");
const thumbnails = new Thumbnails(data.thumbnails, () => map.draw());
const exemplars = new Thumbnails(data.exemplars, () => map.draw());
const map = new MapView(canvas, { concepts: data.concepts, places: uint16(data.places), groups }, thumbnails);
const list = new ConceptList(data.concepts, exemplars);
const search = new WordSearch(data.words, data.concepts);
const status = element("p", "status");
status.setAttribute("role", "status");
const tip = element("div", "tip");
tip.hidden = true;
const detail = element("section", "detail");
detail.hidden = true;
detail.setAttribute("aria-label", "Picture");

const box = element("input", "search");
box.type = "search";
box.placeholder = "Search";
box.setAttribute("aria-label", "Search for a word");
const words = element("datalist", "");
words.id = "words";
box.setAttribute("list", words.id);

function rowsWhere(holds: (row: number) => boolean): { mask: Uint8Array; rows: number[] } {
  const mask = Uint8Array.from(groups, (_, row) => (holds(row) ? 1 : 0));
  return { mask, rows: [...groups.keys()].filter((row) => mask[row] === 1) };
}

function showAll(): void {
  map.show(null);
  list.show(null);
  list.choose(null);
  status.textContent = summary();
}

function summary(): string {
  const count = (number: number): string => number.toLocaleString("en");
  const all = groups.length;
  const pictures = thumbnails.count < all ? ` · ${count(thumbnails.count)} of them shown, all as points` : "";
  return `${count(all)} pictures · ${count(data.concepts.length)} concepts · ${count(data.outliers)} in none${pictures}`;
}

function chooseConcept(place: number | null): void {
  if (place === null) {
    map.show(null);
    map.fit();
  } else {
    const { mask, rows } = rowsWhere((row) => groups[row] === place + 1);
    map.show(mask);
    map.fit(rows);
  }
  list.choose(place);
}

function runSearch(): void {
  const text = box.value.trim();
  words.replaceChildren(...search.suggestions(text).map((word) => new Option(word)));
  if (text === "") {
    showAll();
    return;
  }
  const { concepts, rows, message } = search.find(text);
  status.textContent = message;
  list.show(concepts);
  list.choose(null);
  const hits = new Set(rows);
  const places = new Set(concepts.map((place) => place + 1));
  map.show(rowsWhere((row) => (hits.size > 0 ? hits.has(row) : places.has(groups[row]!))).mask);
}

function conceptName(row: number): string {
  const group = groups[row]!;
  return group === 0 ? "in no concept" : data.concepts[group - 1]!.name;
}

function showPicture(row: number): void {
  map.pick(row);
  detail.hidden = row === -1;
  if (row === -1) return;
  const source = exemplars.has(row) ? exemplars : thumbnails;
  const close = element("button", "close", "Close");
  close.type = "button";
  close.addEventListener("click", () => showPicture(-1));
  detail.replaceChildren(
    source.element(row, 128, data.paths[row]!),
    element("div", "", element("strong", "", conceptName(row)), element("p", "path", data.paths[row]!)),
    close,
  );
}

map.onPick = showPicture;
map.onHover = (row, x, y): void => {
  tip.hidden = row === -1;
  if (row === -1) return;
  const label = `${conceptName(row)} — ${data.paths[row]!}`;
  tip.replaceChildren(
    (exemplars.has(row) ? exemplars : thumbnails).element(row, 96, label),
    conceptName(row),
  );
  tip.style.left = `${Math.min(x + 16, canvas.clientWidth - 130)}px`;
  tip.style.top = `${Math.min(y + 16, canvas.clientHeight - 140)}px`;
};
list.onChoose = chooseConcept;
box.addEventListener("input", runSearch);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  showPicture(-1);
  box.value = "";
  showAll();
});
listen(canvas, map);
document.body.append(
  element("header", "", element("h1", "", data.title), box, words, status),
  element("main", "", element("div", "stage", canvas, tip, detail), element("nav", "", list.root)),
);
showAll();
