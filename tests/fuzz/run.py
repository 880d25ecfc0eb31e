"""One target under the fuzzer: `python run.py TARGET RUNS FOLDER` tries RUNS inputs, begins with its seeds and what
stands in corpus/TARGET, and keeps in FOLDER what found new ground. Ends with 1 at the first defect, a hang of ten
seconds or more than 1 GB, and leaves the input in FOLDER."""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["entente"]):
    from fuzz.targets import MAX_BYTES, TARGETS

CORPUS = Path(__file__).with_name("corpus")


def main(name: str, runs: int, folder: Path) -> None:
    """Never returns: the fuzzer ends the process."""
    target = TARGETS[name]
    found = folder / "found"
    found.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds):
        (found / f"seed-{number}").write_bytes(seed)
    kept = [str(CORPUS / name)] if (CORPUS / name).is_dir() else []
    options = [f"-runs={runs}", f"-max_len={MAX_BYTES}", "-timeout=10", "-rss_limit_mb=1024", "-seed=20261122"]
    options += [f"-artifact_prefix={folder}/", "-print_final_stats=1", "-verbosity=1"]
    atheris.Setup([sys.argv[0], *options, str(found), *kept], target.try_out)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
