"""Which phrases describe which class, and how strongly.

A class is an emoji (by its index in data.emoji_records) or, after those, one of CIFAR's ten. Each has a probability
distribution over all phrases, the image tower's target. The shares decide what comes first when a group of pictures is named:
a category's main word has a fixed share in every member, a single emoji's name only in its own, so the mean of many members
is nearest to the category word. Likewise "dog" has a larger share than "canine" in the dog photos.
"""
import json
import re
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

from data import CIFAR_CLASSES, code_key, emoji_records
from wordnet import WordNet

# They describe every picture or none. Their vectors are zero: "a photo of a dog" is exactly "dog".
STOP_WORDS = set("a an the of in on at with and or for to by from as is are be this that it its my your some any s t o i"
                 " photo photos photograph picture pictures image images icon emoji drawing cartoon illustration artwork"
                 " rendering sketch depiction showing close up closeup view good bad small large big cropped bright dark blurry"
                 " clean low resolution there".split()) - set("up small large bright".split())

# Main word first: it gets half of the share.
CATEGORY_WORDS = {
    "Smileys & Emotion": "face, smiley, emotion, emoticon, facial expression, feeling",
    "People & Body": "person, people, human, human being, body",
    "Animals & Nature": "animal, nature, wildlife, creature, living thing",
    "Food & Drink": "food, eating, cuisine, nutrient, food and drink, meal",
    "Travel & Places": "travel, place, trip, journey, tourism",
    "Activities": "activity, leisure, recreation, hobby, fun, entertainment",
    "Objects": "object, thing, item, artifact",
    "Symbols": "symbol, sign, pictogram, mark",
    "Flags": "flag, banner, ensign, national flag, pennant",
    "Component": "color, skin tone, swatch",
}
VAGUE = ("Objects", "Symbols", "Activities", "Travel & Places")
PLANT_WORDS = "plant, nature, vegetation, flora"  # the data set counts plants as "Animals & Nature"
SUBCATEGORY_WORDS = {
    "country-flag": "flag, country, nation", "subdivision-flag": "flag, region", "flag": "flag", "person-role": "person, profession, job, worker",
    "animal-mammal": "animal, mammal", "person-activity": "person, activity", "transport-ground": "vehicle, transport, ground transportation",
    "sky & weather": "weather, sky", "clothing": "clothing, clothes, garment, apparel, fashion", "person-sport": "athlete, sport, person, exercise",
    "alphanum": "sign, letter, text", "family": "family, parent", "food-prepared": "food, dish, meal", "geometric": "shape, geometry, geometric shape",
    "time": "clock, time, timepiece", "person-fantasy": "person, fantasy, fairy tale", "person-gesture": "person, gesture", "person": "person, human",
    "place-building": "building, architecture, house", "sport": "sport, ball, sports equipment", "tool": "tool, implement, equipment",
    "face-concerned": "face, sadness, worry", "av-symbol": "button, symbol, control", "heart": "heart, love", "household": "household, furniture, household item",
    "game": "game, toy", "office": "office, stationery", "other-symbol": "symbol", "animal-bird": "bird, animal", "event": "celebration, event, party, festival",
    "arrow": "arrow, direction, pointer", "food-fruit": "fruit, food, produce", "drink": "drink, beverage, glass", "food-vegetable": "vegetable, food",
    "body-parts": "body part, body", "place-other": "place", "plant-other": "plant", "food-asian": "food, asian food, dish", "book-paper": "paper, book, document",
    "animal-marine": "sea animal, marine animal, fish, animal", "light & video": "camera, light, video, film", "animal-bug": "insect, bug, animal",
    "face-neutral-skeptical": "face, neutral face, doubt", "food-sweet": "dessert, sweet, candy", "emotion": "emotion", "computer": "computer, electronics",
    "face-smiling": "smile, smiling face, happiness, face", "keycap": "number, digit, key", "transport-sign": "sign, traffic sign",
    "transport-air": "aircraft, aviation, vehicle", "mail": "mail, letter, post", "warning": "warning, prohibition, warning sign", "religion": "religion, religious symbol",
    "zodiac": "zodiac, astrology, zodiac sign", "plant-flower": "flower, plant, blossom", "musical-instrument": "instrument, musical instrument, music",
    "face-unwell": "illness, face, sickness", "hand-fingers-open": "hand, gesture", "person-symbol": "people, silhouette", "money": "money, cash, finance",
    "place-geographic": "landscape, geography, scenery, outdoors", "music": "music, audio", "hand-fingers-partial": "hand, gesture, finger", "sound": "sound, audio",
    "other-object": "object", "face-affection": "love, affection, face", "cat-face": "cat, cat face", "transport-water": "boat, ship, vehicle, vessel",
    "animal-reptile": "reptile, animal", "face-costume": "monster, costume", "face-negative": "anger, face", "place-map": "map, geography",
    "dishware": "tableware, dish, cutlery", "arts & crafts": "art, craft", "hand-single-finger": "finger, hand, gesture", "hands": "hand, gesture",
    "medical": "medicine, health", "writing": "writing, pen", "science": "science, laboratory", "face-hand": "face, hand", "punctuation": "punctuation, punctuation mark",
    "award-medal": "medal, award, prize", "face-tongue": "tongue, face", "hand-fingers-closed": "fist, hand, gesture", "phone": "telephone, phone",
    "lock": "lock, security", "place-religious": "temple, church, religious building", "face-sleepy": "sleep, tiredness, face", "math": "mathematics, arithmetic",
    "skin-tone": "skin tone", "person-resting": "person, rest", "hand-prop": "hand", "face-glasses": "glasses, face", "monkey-face": "monkey",
    "face-hat": "hat, face", "gender": "gender, sex", "currency": "currency, money", "hotel": "hotel", "animal-amphibian": "frog, amphibian, animal",
}
# WordNet's lexicographer files in which a category's nouns are looked up: keeps "bat" the animal from the bat of the cricketer.
CATEGORY_DOMAINS = {"Animals & Nature": (5, 20), "Food & Drink": (13, 20), "Travel & Places": (6, 15, 17, 19), "Activities": (6,),
                    "Objects": (6,), "People & Body": (18, 8)}
ABSTRACT = set("entity|physical entity|abstraction|object|physical object|whole|unit|matter|causal agent|cause|causal agency|thing|artifact|artefact|"
               "instrumentality|instrumentation|substance|organism|being|living thing|animate thing|psychological feature|chordate|placental|"
               "placental mammal|eutherian|eutherian mammal|craniate|even-toed ungulate|odd-toed ungulate|equine|soul|someone|somebody|mortal|individual|"
               "vascular plant|tracheophyte|plant organ|plant part|plant structure|solid|measure|attribute|group|grouping|part|piece|worker|device|"
               "conveyance|transport|way|covering|structure|construction|container|equipment|implement|system|natural object|thing".split("|"))
CIFAR_EXTRA = {"airplane": "jet, aircraft, airliner, flight", "automobile": "vehicle, sedan", "bird": "animal, songbird", "cat": "kitten, animal, pet, kitty",
               "deer": "animal, fawn, wildlife", "dog": "puppy, animal, pet, hound", "frog": "toad, animal", "horse": "pony, animal, stallion",
               "ship": "boat, sea, ocean, water", "truck": "lorry, vehicle, van"}


def words_of(text: str) -> tuple:
    """As the tokenizer splits: lower case, no accents, letters and digits only."""
    plain = unicodedata.normalize("NFD", text.lower())
    return tuple(re.findall(r"[a-z0-9]+", "".join(char for char in plain if unicodedata.category(char) != "Mn")))


def share(weights: dict, phrases: list, total: float, first: float = 0.5) -> None:
    """Gives the first phrase its part of the total, the others the rest."""
    phrases = list(dict.fromkeys(phrases))
    for position, phrase in enumerate(phrases):
        part = 1.0 if len(phrases) == 1 else first if position == 0 else (1 - first) / (len(phrases) - 1)
        weights[phrase] += total * part


def related(wordnet: WordNet, synset: str, depth: int) -> dict:
    """Synonyms and hypernyms with falling weights."""
    found = {lemma: 1.0 for lemma in wordnet.lemmas[synset]}
    for distance, parent in wordnet.chain(synset, depth):
        for lemma in wordnet.lemmas[parent]:
            if lemma not in ABSTRACT:
                found.setdefault(lemma, 0.6 ** distance)
    return found


def names_of(record: dict) -> list:
    """What the data set itself calls the emoji; the first is the name that the figures use."""
    return [record["name"], *record["short_names"]]


class Captions:
    def __init__(self, cache: Path):
        self.records, self.wordnet = emoji_records(cache), WordNet(cache)
        base = {code_key(item["hexcode"]): item for item in json.loads((cache / "emojibase-data-17.0.0/en/data.json").read_text())}
        lib = {code_key("-".join(f"{ord(char):04x}" for char in emoji)): keywords
               for emoji, keywords in json.loads((cache / "emojilib-4.0.3/dist/emoji-en-US.json").read_text()).items()}
        self.anchors = {}  # WordNet synset -> word: the trained concepts under which rarer words can be filed
        self.class_weights = [self._emoji(record, base.get(code_key(record["unified"]), {}), lib.get(code_key(record["unified"]), []))
                              for record in self.records]
        self.class_weights += [self._cifar(name) for name in CIFAR_CLASSES]
        self._fold_plurals()
        self._index()

    def _emoji(self, record: dict, base: dict, lib: list) -> dict:
        weights = defaultdict(float)
        label = base.get("label", record["name"])
        share(weights, [record["name"]], 0.16)
        share(weights, [label], 0.16)
        share(weights, record["short_names"], 0.10)
        keywords = Counter(base.get("tags", [])) + Counter(keyword for keyword in lib[1:]) + Counter(lib[:1])
        for keyword, count in keywords.items():
            weights[keyword] += 0.26 * count / sum(keywords.values())
        plant = record["subcategory"].startswith("plant")
        # Hardly anybody would name a group "object": the vague categories get less.
        share(weights, (PLANT_WORDS if plant else CATEGORY_WORDS[record["category"]]).split(", "), 0.06 if record["category"] in VAGUE else 0.10)
        share(weights, SUBCATEGORY_WORDS[record["subcategory"]].split(", "), 0.20)
        synset = self._sense(record, label)
        if synset:
            words = related(self.wordnet, synset, 4)
            for word, weight in words.items():
                weights[word] += 0.06 * weight / sum(words.values())
        return weights

    def _sense(self, record: dict, label: str):
        for text in (label, record["short_name"].replace("_", " "), record["name"]):
            for synset in self.wordnet.senses.get(" ".join(words_of(text)), []):
                if self.wordnet.domain[synset] in CATEGORY_DOMAINS.get(record["category"], ()):
                    words = words_of(text)
                    if len(words) == 1:
                        self.anchors.setdefault(synset, words[0])
                    return synset
        return None

    def _cifar(self, name: str) -> dict:
        weights = defaultdict(float)
        share(weights, [name], 0.48)
        synset = self.wordnet.senses[name][0]
        self.anchors[synset] = name
        words = related(self.wordnet, synset, 7)
        words.pop(name)
        for word, weight in words.items():
            weights[word] += (0.20 if name == "automobile" and word == "car" else 0) + 0.22 * weight / sum(words.values())
        share(weights, CIFAR_EXTRA[name].split(", "), 0.20, first=0.4)
        return weights

    def _fold_plurals(self) -> None:
        """Plurals share their singular's vector; self.folded tells the tokenizer."""
        counts = Counter(word for weights in self.class_weights for phrase in weights for word in words_of(phrase))
        own_meaning = {"glasses", "news", "arms", "pants", "shorts", "scissors", "goods"}
        self.folded = {}
        for word in counts:
            for stem in (word[:-1], word[:-2]) if word.endswith("es") else (word[:-1],) if word.endswith("s") else ():
                noun = stem in self.wordnet.senses and len(stem) > 2 and not stem.endswith("s")
                if noun and word not in own_meaning and counts[stem] >= counts[word]:
                    self.folded[word] = stem
                    break

    def words(self, text: str) -> tuple:
        return tuple(self.folded.get(word, word) for word in words_of(text) if word not in STOP_WORDS)

    def _index(self) -> None:
        self.phrases, self.targets = [], []
        index = {}
        for weights in self.class_weights:
            row = defaultdict(float)
            for text, weight in weights.items():
                key = tuple(sorted(self.words(text)))
                if key:
                    if key not in index:
                        index[key] = len(self.phrases)
                        self.phrases.append(key)
                    row[index[key]] += weight
            total = sum(row.values())
            self.targets.append({column: weight / total for column, weight in row.items()})
        self.vocabulary = sorted({word for phrase in self.phrases for word in phrase})
