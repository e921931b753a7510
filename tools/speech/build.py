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

from tools.speech import features, kaldi_model, resources
from tools.speech.augmentation import Samples
from tools.speech.graph import GraphSettings, write_graph
from tools.speech.language_model import Pruning, TrigramModel
from tools.speech.languages import Language
from tools.speech.lexicon import UNKNOWN, isolated, lexicon, spoken_variants, vocabulary
from tools.speech.sentences import weighted_sentences
from tools.speech.shards import read_shards
from tools.speech.text import Corpus, Script, ScriptWriter, read_corpus, test_sentences

HELD_OUT_SENTENCES = 150
VOICE_COPIES = 2
VOICE_FORMANTS = (0.86, 1.2)
FIRST_SHARE = 3  # the first alignment is of one in so many: enough to learn the voices from
REFINE_RATE = 1.5e-3
AGAIN_RATE = 1.2e-3  # of every pass of ``refine`` after the first
RESOURCES = "resources"

Advance = Callable[[int, int, str], None]
"""Called with (done, total, remark)."""


@dataclass(frozen=True)
class Options:
    """How large everything is."""

    seed: int = 1
    utterances: int = 0
    """0: as many as the language asks for."""
    other_utterances: int = 5_000
    hidden: int = 320
    bootstrap_epochs: int = 1
    epochs: int = 2
    refine_epochs: int = 0
    """In one pass; 0: the passes that the language asks for."""
    words: int = 30_000
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
        """Sentences held out, and what espeak-ng's voices and the others are made to say."""
        writer = ScriptWriter(self.corpus, self.options.seed)
        held_out = writer.held_out(HELD_OUT_SENTENCES)
        count = self.options.utterances or self.language.utterances
        espeak = [writer.draw() for _ in range(count)]
        return held_out, espeak, [writer.draw() for _ in range(self.options.other_utterances)]

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

    def voices(self, advance: Advance) -> None:
        """Let the voices of other synthesisers speak, where the language has any."""
        from tools.speech.voices import synthesise

        folder, names, scripts = self.work / "voices", self.language.other_voices, self.scripts[2]
        folder.mkdir(exist_ok=True)
        if names:
            options = self.options
            for done in synthesise(scripts, names, options.seed, folder, options.processes):
                advance(done, len(scripts), "utterances of other synthesisers")
        (folder / "complete").touch()

    def align(self, advance: Advance) -> None:
        """Find the sounds of the reader, and of some of those voices, with the first network."""
        self._speak("bootstrap.pt", "voices1", 1, advance)
        self._read("bootstrap.pt", "reader1", self.language.reader_copies // 2, advance)

    def network(self, advance: Advance) -> None:
        """Train on all of it."""
        folders, epochs = ("speech", "voices1", "reader1"), self.options.epochs
        self._train("bootstrap.pt", folders, "network.pt", epochs, 2e-3, advance)

    def realign(self, advance: Advance) -> None:
        """Align the reader and all other voices with the better network."""
        self._speak("network.pt", "voices2", VOICE_COPIES, advance)
        self._read("network.pt", "reader2", self.language.reader_copies, advance)

    def refine(self, advance: Advance) -> None:
        """Train on with that, in passes that each begin where the one before ended."""
        folders = ("speech", "voices2", "reader2")
        asked = self.options.refine_epochs
        passes = (asked,) if asked else self.language.refine_passes
        results = [f"refined-{number}.pt" for number in range(1, len(passes))] + ["refined.pt"]
        before, rate = "network.pt", REFINE_RATE
        for epochs, after in zip(passes, results, strict=True):
            if not (self.work / after).exists():
                self._train(before, folders, after, epochs, rate, advance)
            before, rate = after, AGAIN_RATE
        for name in results[:-1]:
            (self.work / name).unlink()

    def _speak(self, model_name: str, folder: str, copies: int, advance: Advance) -> None:
        from tools.speech.voices import read_voices

        target = self.work / folder
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        limit = self.options.other_utterances // (1 if copies > 1 else FIRST_SHARE)
        spoken = list(read_voices(self.work / "voices", limit))
        if spoken:
            self._multiply(spoken, model_name, target, copies, VOICE_FORMANTS, advance)

    def _read(self, model_name: str, folder: str, copies: int, advance: Advance) -> None:
        from tools.speech.readers import read_clips

        target, rng = self.work / folder, np.random.default_rng([self.options.seed, 3])
        shutil.rmtree(target, ignore_errors=True)
        spoken = list(read_clips(self.language, self.data, test_sentences(self.lessons), rng))
        formants = self.language.reader_formants
        self._multiply(spoken, model_name, target, copies, formants, advance)
        (target / "complete").touch()

    def _multiply(
        self,
        spoken: list[tuple[str, Samples]],
        model_name: str,
        target: Path,
        copies: int,
        formants: tuple[float, float],
        advance: Advance,
    ) -> None:
        """Align recordings of known sentences, and write altered copies of them."""
        from tools.speech.copies import write_copies
        from tools.speech.readers import Reading, align_all

        options, model = self.options, self.work / model_name
        readings: list[Reading] = []
        for aligned in align_all(self.language.code, model, spoken, options.processes):
            readings += aligned
            advance(len(readings), len(spoken), "recordings aligned")
        frames = 0
        for done, total, more in write_copies(
            readings, target, copies, options.seed, formants, options.processes
        ):
            frames += more
            hours = frames * features.FRAME_S / 3600
            advance(done, total, f"{hours:.1f} h of {len(readings)} recordings")

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
        model = AcousticModel.load(self.work / "refined.pt")
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
        told("load time, memory, speed")
        results[RESOURCES] = resources.measured(self.out, self._lesson_sounds(), self.root)
        (self.work / "evaluation.json").write_text(json.dumps(results, indent=1) + "\n")
        advance(len(lines), len(lines), "measured")

    def _lesson_sounds(self) -> list[Path]:
        """Recordings that make up a long lesson: the test lessons, or else the demo lesson."""
        if self.lessons is None:
            return [self.root / "device/data/demo/les_nl.flac"]
        return [self.lessons / f"{lesson}.flac" for lesson in self.language.lessons]

    def card(self, advance: Advance) -> None:
        """Write README.md and card.json into the model folder."""
        from tools.speech.card import Contents, write_card

        results = json.loads((self.work / "evaluation.json").read_text())
        words = (self.out / "graph" / "words.txt").read_text("utf-8").splitlines()
        shards = read_shards(self.work / "speech")
        remark = self.work / "remark.txt"  # what else must be known of this very build
        contents = Contents(
            words=len(words) - 2,  # <eps> and [unk] are no words
            size_bytes=sum(folder_bytes(self.out / name) for name in ("am", "conf", "graph")),
            utterances=len(shards),
            reader_clips=len(read_shards(self.work / "reader2")) // self.language.reader_copies,
            remark=remark.read_text("utf-8").strip() if remark.exists() else "",
            other_utterances=len(read_shards(self.work / "voices2")) // VOICE_COPIES,
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
    "voices": "voices/complete",
    "align": "reader1/complete",
    "network": "network.pt",
    "realign": "reader2/complete",
    "refine": "refined.pt",
    "graph": "",
    "evaluate": "",
    "card": "",
}
"""Stage to the file in the work folder that shows it is done; the last three always run."""
