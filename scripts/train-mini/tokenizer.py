"""The exported vocabulary: trained words, words that have no own vector but lean on a trained one, and words that count for nothing."""
import re
import string
import unicodedata

from captions import STOP_WORDS, Captions

UNKNOWN, PADDING, SUFFIXES = "[UNK]", "[PAD]", ["##s", "##es"]
PLURAL = 0.985  # as near as the singular, but for the order of names
# True of a third of all emoji, and telling of none: a more telling word of nearly the same nearness is to come first.
VAGUE_WORDS = set("object thing item artifact symbol sign mark travel trip journey place activity expression".split())
VAGUE_STRENGTH = 0.9
IRREGULAR = {"mice": "mouse", "geese": "goose", "feet": "foot", "teeth": "tooth", "wolves": "wolf", "leaves": "leaf", "knives": "knife",
             "oxen": "ox", "children": "child", "loaves": "loaf", "scarves": "scarf", "calves": "calf", "halves": "half", "elves": "elf"}


class Tokenizer:
    """`rows[i]` is the trained word whose vector token i uses, `strength[i]` how much of it, `unknown[i]` whether it stands for no known thing.

    A word with strength below 1 points partly along the reserved axis, so a poodle is always a little less near than a dog.
    """

    def __init__(self, captions: Captions):
        number = {word: index for index, word in enumerate(captions.vocabulary)}
        self.tokens, self.rows, self.strength, self.unknown = {}, [], [], []
        self._add(UNKNOWN, 0, 0.0, 1.0)
        for token in [PADDING, *sorted(STOP_WORDS), *string.punctuation]:
            self._add(token, 0, 0.0)
        for suffix in SUFFIXES:
            self._add(suffix, 0, 0.0, 0.15)  # just enough that "dog" comes before "dogs"
        for word in captions.vocabulary:
            self._add(word, number[word], VAGUE_STRENGTH if word in VAGUE_WORDS else 1.0)
        for plural, word in captions.folded.items():
            self._add(plural, number.get(word, 0), PLURAL * (word in number))
        for plural, word in self._plurals(captions):
            self._add(plural, number[word], PLURAL)
        for word, trained, strength in self._leaning(captions):
            self._add(word, number[trained], strength)

    def _add(self, token: str, row: int, strength: float, unknown: float = 0.0) -> None:
        if token not in self.tokens:
            self.tokens[token] = len(self.tokens)
            self.rows.append(row)
            self.strength.append(strength)
            self.unknown.append(unknown)

    @staticmethod
    def _plurals(captions: Captions):
        known = set(captions.vocabulary)
        yield from ((plural, word) for plural, word in IRREGULAR.items() if word in known)
        for word in captions.vocabulary:
            if word.endswith("y") and word[-2:-1] not in tuple("aeiou") and word in captions.wordnet.senses:
                yield word[:-1] + "ies", word

    @staticmethod
    def _leaning(captions: Captions):
        """Synonyms and kinds of the trained concepts, in their most frequent sense only, nearest concept first."""
        known, found = set(captions.vocabulary), []
        for synset, word in captions.anchors.items():
            if word in known:
                for distance, below in [(0, synset), *captions.wordnet.below(synset, 4)]:
                    for lemma in captions.wordnet.lemmas[below]:
                        if lemma.isascii() and lemma.isalpha() and captions.wordnet.senses[lemma][0] == below:
                            found.append((distance, lemma, word))
        for distance, lemma, word in sorted(found):
            yield lemma, word, 0.85 * 0.93 ** distance

    def encode(self, text: str) -> list:
        """WordPiece, as the exported tokenizer.json does it: longest piece first, a word that does not split fully is unknown."""
        ids = []
        plain = "".join(char for char in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(char) != "Mn")
        for word in re.findall(r"[^\W_]+|[^\w\s]|_", plain):
            pieces, start = [], 0
            while start < len(word):
                ends = range(len(word), start, -1)
                piece = next((("##" if start else "") + word[start:end] for end in ends if ("##" if start else "") + word[start:end] in self.tokens), None)
                if piece is None:
                    pieces = [UNKNOWN]
                    break
                pieces.append(piece)
                start += len(piece) - (2 if start else 0)
            ids += [self.tokens[piece] for piece in pieces]
        return ids

    def as_json(self) -> dict:
        special = [dict(id=index, content=content, single_word=False, lstrip=False, rstrip=False, normalized=False, special=True)
                   for index, content in enumerate((UNKNOWN, PADDING))]
        return dict(version="1.0", truncation=None, padding=None, added_tokens=special,
                    normalizer=dict(type="BertNormalizer", clean_text=True, handle_chinese_chars=True, strip_accents=True, lowercase=True),
                    pre_tokenizer=dict(type="BertPreTokenizer"), post_processor=None, decoder=dict(type="WordPiece", prefix="##", cleanup=True),
                    model=dict(type="WordPiece", unk_token=UNKNOWN, continuing_subword_prefix="##", max_input_chars_per_word=100, vocab=self.tokens))
