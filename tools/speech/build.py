"""The stages from text to a finished model folder; each can be run again by itself."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from tools.speech import features, kaldi_model
from tools.speech.graph import GraphSettings, write_graph
from tools.speech.language_model import Pruning, TrigramModel
from tools.speech.languages import Language
from tools.speech.lexicon import UNKNOWN, isolated, lexicon, spoken_variants, vocabulary
from tools.speech.sentences import weighted_sentences
from tools.speech.shards import read_shards
from tools.speech.text import Corpus, Script, ScriptWriter, read_corpus, test_sentences

HELD_OUT_SENTENCES = 150
READER_STRETCH = (0.8, 1.32)
FLITE_COPIES = 2
FLITE_STRETCH = (0.8, 1.1)  # men's voices: mostly shorter and higher, towards a woman's
REFINE_RATE = 1.5e-3

Advance = Callable[[int, int, str], None]
"""Called with (done, total, remark)."""


@dataclass(frozen=True)
class Options:
    """How large everything is."""

    seed: int = 1
    utterances: int = 16_000
    flite_utterances: int = 3_000
    hidden: int = 320
    bootstrap_epochs: int = 2
    epochs: int = 5
    refine_epochs: int = 4
    words: int = 20_000
    bigram_least: float = 2.0
    trigram_least: float = 3.0
    garbage: float = 0.2
    acoustic_scale: float = 0.8
    processes: int = 2
    threads: int = 2


@dataclass(frozen=True)
class Build:
    """One build: what is read, where the work lies, where the model goes."""

    language: Language
    data: Path
    out: Path
    work: Path
    root: Path
    lessons: Path | None
    options: Options

    @cached_property
    def corpus(self) -> Corpus:
        """All text."""
        return read_corpus(self.language, self.data, self.lessons, self.root)

    @cached_property
    def scripts(self) -> tuple[list[str], list[Script], list[Script]]:
        """Sentences held out, and what the voices of espeak-ng and of flite are made to say."""
        writer = ScriptWriter(self.corpus, self.options.seed)
        held_out = writer.held_out(HELD_OUT_SENTENCES)
        espeak = [writer.draw() for _ in range(self.options.utterances)]
        return held_out, espeak, [writer.draw() for _ in range(self.options.flite_utterances)]

    # --- stages ------------------------------------------------------------------------------

    def speech(self, advance: Advance) -> None:
        """Synthesise the training speech."""
        from tools.speech.synthesis import synthesise

        scripts, folder = self.scripts[1], self.work / "speech"
        done, frames = 0, 0
        for count, more in synthesise(
            self.language,
            scripts,
            self.options.seed,
            folder,
            self.data / "speech",
            self.options.processes,
        ):
            done, frames = done + count, frames + more
            advance(done, len(scripts), f"{frames * features.FRAME_S / 3600:.1f} h of speech")
        (folder / "complete").touch()

    def bootstrap(self, advance: Advance) -> None:
        """Train a first network on synthetic speech alone."""
        from tools.speech import training

        utterances = read_shards(self.work / "speech")
        units = training.unit_names(utterances, self.language)
        data = training.examples(utterances, units, self.language)
        model = training.new_model(data, units, self.options.hidden, self.options.seed)
        training.train(
            model,
            data,
            epochs=self.options.bootstrap_epochs,
            learning_rate=2e-3,
            seed=self.options.seed,
            progress=advance,
        )
        model.save(self.work / "bootstrap.pt")

    def flite(self, advance: Advance) -> None:
        """Synthesise with the voices of flite, and find their sounds with the first network."""
        self._speak("bootstrap.pt", "flite", advance)

    def reader(self, advance: Advance) -> None:
        """Find the sounds of the human reader with the first network, and multiply the clips."""
        self._read("bootstrap.pt", "reader", advance)

    def network(self, advance: Advance) -> None:
        """Train on synthetic speech and the reader together."""
        folders = ("speech", "flite", "reader")
        self._train("bootstrap.pt", folders, "network.pt", self.options.epochs, 2e-3, advance)

    def refine(self, advance: Advance) -> None:
        """Align the reader and flite again with the better network, and train on."""
        self._speak("network.pt", "flite2", advance)
        self._read("network.pt", "reader2", advance)
        folders, epochs = ("speech", "flite2", "reader2"), self.options.refine_epochs
        self._train("network.pt", folders, "refined.pt", epochs, REFINE_RATE, advance)

    def _speak(self, model_name: str, folder: str, advance: Advance) -> None:
        from tools.speech import flite, readers
        from tools.speech.network import AcousticModel

        target, voices, seed = self.work / folder, self.language.flite_voices, self.options.seed
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        readings: list[readers.Reading] = []
        if voices:
            aligner = readers.Aligner(self.language, AcousticModel.load(self.work / model_name))
            for text, samples in flite.synthesise(
                self.scripts[2], voices, seed, self.options.threads
            ):
                readings.append(aligner.reading(samples, text))
                advance(len(readings), len(self.scripts[2]), "utterances of flite")
            list(readers.write_copies(readings, target, FLITE_COPIES, seed, FLITE_STRETCH))
        (target / "complete").touch()

    def _read(self, model_name: str, folder: str, advance: Advance) -> None:
        from tools.speech import readers
        from tools.speech.network import AcousticModel

        seed = self.options.seed
        clips = readers.read_clips(
            self.language,
            self.data,
            readers.Aligner(self.language, AcousticModel.load(self.work / model_name)),
            test_sentences(self.lessons),
            np.random.default_rng([seed, 3]),
        )
        kept = [reading for reading in clips if reading is not None]
        target = self.work / folder
        shutil.rmtree(target, ignore_errors=True)
        copies = self.language.reader_copies
        for done, _ in enumerate(
            readers.write_copies(kept, target, copies, seed, READER_STRETCH), start=1
        ):
            advance(done, copies, f"{len(kept)} clips of {self.language.reader}")
        (target / "complete").touch()

    def _train(
        self,
        before: str,
        folders: tuple[str, ...],
        after: str,
        epochs: int,
        rate: float,
        advance: Advance,
    ) -> None:
        from tools.speech import training
        from tools.speech.network import AcousticModel

        model = AcousticModel.load(self.work / before)
        data = []
        for folder in folders:
            utterances = read_shards(self.work / folder)
            data += training.examples(utterances, model.units, self.language)
        training.realign(model, data, advance)
        training.train(
            model,
            data,
            epochs=epochs,
            learning_rate=rate,
            seed=self.options.seed + 1,
            progress=advance,
        )
        model.save(self.work / after)

    def graph(self, advance: Advance) -> None:
        """Write the model folder: network, words, language model, settings."""
        from tools.speech.export import layers_of
        from tools.speech.network import CONTEXT_FRAMES, AcousticModel

        options, out = self.options, self.out
        model = AcousticModel.load(self._newest("refined.pt", "network.pt"))
        words = vocabulary(self.corpus, options.words)
        alone = isolated(words, self.language, self.work / "pronunciations.json")
        advance(1, 4, f"{len(words)} words")
        entries = lexicon(words, alone, self._variants(), model.units)
        advance(2, 4, f"{len(entries)} pronunciations")
        trigrams = TrigramModel(
            weighted_sentences(self.corpus, set(self.scripts[0]), options.seed),
            sorted({item.word for item in entries} - {UNKNOWN}),
            Pruning(options.bigram_least, options.trigram_least),
        )
        advance(3, 4, "{} words, {} pairs, {} triples".format(*trigrams.sizes))
        for folder in ("am", "conf"):
            (out / folder).mkdir(parents=True, exist_ok=True)
        phones = kaldi_model.phone_table(model.units, model.mean_steps)
        prior = model.prior.copy()
        prior[0] *= self.language.silence_prior  # silence comes first
        layers = kaldi_model.with_prior(layers_of(model), prior, options.garbage)
        kaldi_model.write_model(out / "am" / "final.mdl", phones, layers, CONTEXT_FRAMES)
        statistics = features.global_statistics(model.global_mean)
        (out / "am" / "global_cmvn.stats").write_text(statistics)
        (out / "conf" / "mfcc.conf").write_text(features.MFCC_CONF)
        (out / "conf" / "model.conf").write_text(decoder_settings(options.acoustic_scale))
        scratch = self.work / "scratch"
        write_graph(out / "graph", scratch, phones, entries, trigrams, GraphSettings())
        advance(4, 4, f"{folder_bytes(out) / 1e6:.2f} MB")

    def _newest(self, *names: str) -> Path:
        """The first of these that is there; the last one otherwise."""
        return next(
            (self.work / name for name in names if (self.work / name).exists()),
            self.work / names[-1],
        )

    def _variants(self) -> dict[str, Counter[tuple[str, ...]]]:
        """Pronunciations in sentences, counted once and kept."""
        cache = self.work / "variants.json"
        if not cache.exists():
            counted = spoken_variants(read_shards(self.work / "speech"), self.language)
            rows = {
                word: [[" ".join(sounds), count] for sounds, count in counter.items()]
                for word, counter in counted.items()
            }
            cache.write_text(json.dumps(rows))
        return {
            word: Counter({tuple(sounds.split()): count for sounds, count in rows})
            for word, rows in json.loads(cache.read_text()).items()
        }

    def evaluate(self, advance: Advance) -> None:
        """Measure the model folder."""
        from tools.speech.evaluation import evaluate

        lines: list[str] = []

        def told(line: str) -> None:
            lines.append(line)
            advance(len(lines), len(lines) + 1, line)

        results = evaluate(
            self.out, self.language, self.corpus, self.scripts[0], self.lessons, told
        )
        (self.work / "evaluation.json").write_text(json.dumps(results, indent=1) + "\n")
        advance(len(lines), len(lines), "measured")

    def card(self, advance: Advance) -> None:
        """Write README.md and card.json into the model folder."""
        from tools.speech.card import Contents, write_card

        results = json.loads((self.work / "evaluation.json").read_text())
        words = (self.out / "graph" / "words.txt").read_text("utf-8").splitlines()
        shards = read_shards(self.work / "speech")
        readings = read_shards(self._newest("reader2", "reader"))
        contents = Contents(
            words=len(words) - 2,  # <eps> and [unk] are no words
            size_bytes=sum(folder_bytes(self.out / name) for name in ("am", "conf", "graph")),
            utterances=len(shards),
            reader_clips=len(readings) // self.language.reader_copies,
            flite_utterances=len(read_shards(self._newest("flite2", "flite"))) // FLITE_COPIES,
        )
        write_card(self.out, self.language, results, contents)
        advance(1, 1, "written")


def folder_bytes(folder: Path) -> int:
    """The size of all files in a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def decoder_settings(acoustic_scale: float) -> str:
    """conf/model.conf: small chunks and early determinisation, so that words show early."""
    return f"""\
--min-active=200
--max-active=5000
--beam=13.0
--lattice-beam=4.0
--acoustic-scale={acoustic_scale}
--frame-subsampling-factor=3
--endpoint.silence-phones=1
--endpoint.rule2.min-trailing-silence=0.5
--endpoint.rule3.min-trailing-silence=0.75
--endpoint.rule4.min-trailing-silence=1.0
--frames-per-chunk=12
--determinize-min-chunk-size=5
--determinize-max-delay=10
"""


STAGES: dict[str, str] = {
    "speech": "speech/complete",
    "bootstrap": "bootstrap.pt",
    "flite": "flite/complete",
    "reader": "reader/complete",
    "network": "network.pt",
    "refine": "refined.pt",
    "graph": "",
    "evaluate": "",
    "card": "",
}
"""Stage to the file in the work folder that shows it is done; the last three always run."""
