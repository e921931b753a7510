"""The official models that Denkpauze knows of: where they are, how large, under which licence."""

from __future__ import annotations

from dataclasses import dataclass

from device.errors import ModelError

MAKER = "https://alphacephei.com/vosk/models/"
APACHE = "Apache-2.0"
NON_COMMERCIAL = "CC-BY-NC-SA-4.0"
LICENCE_PAGES = {
    APACHE: "https://www.apache.org/licenses/LICENSE-2.0",
    NON_COMMERCIAL: "https://creativecommons.org/licenses/by-nc-sa/4.0/",
}
#: A size that is only known roughly, or without a hash, may be off by this share.
SIZE_TOLERANCE = 0.1


@dataclass(frozen=True, slots=True)
class OfficialModel:
    """A model as its maker offers it.

    Attributes:
        size_bytes: of the archive.
        sha256: of the archive; ``None`` when it is not known: it is then recorded at the first
            fetch. Where the known ones come from: docs/models.md.
        conditions: what its licence asks, in one sentence; empty when it may be used freely.
    """

    name: str
    language: str
    licence: str
    size_bytes: int
    sha256: str | None = None
    conditions: str = ""
    address: str = ""

    @property
    def source(self) -> str:
        """Where the archive is."""
        return self.address or f"{MAKER}{self.name}.zip"

    @property
    def size_bounds(self) -> tuple[int, int]:
        """Least and most bytes that the archive can have."""
        if self.sha256 is not None:
            return self.size_bytes, self.size_bytes
        tolerance = round(self.size_bytes * SIZE_TOLERANCE)
        return self.size_bytes - tolerance, self.size_bytes + tolerance

    @property
    def free(self) -> bool:
        """Whether it may be fetched without agreeing to anything."""
        return not self.conditions


_NOT_FOR_MONEY = (
    "only for non-commercial use, with attribution, and what is made from it must carry the same "
    "licence"
)

#: The first of a language is the one that ``fetch nl`` means.
MODELS = (
    OfficialModel(
        "vosk-model-small-nl-0.22",
        "nl",
        APACHE,
        40_441_176,
        "039811c3b829de64e4f123a9f684a53784005b212a346ac0b899dc7efce2ed0a",
    ),
    OfficialModel(
        "vosk-model-nl-spraakherkenning-0.6-lgraph",
        "nl",
        NON_COMMERCIAL,
        105_951_663,
        conditions=_NOT_FOR_MONEY,
    ),
    OfficialModel(
        "vosk-model-nl-spraakherkenning-0.6",
        "nl",
        NON_COMMERCIAL,
        902_000_000,
        conditions=_NOT_FOR_MONEY,
    ),
    OfficialModel(
        "vosk-model-small-en-us-0.15",
        "en",
        APACHE,
        41_205_931,
        "30f26242c4eb449f948e42cb302dd7a686cb29a3423a8367f99ff41780942498",
    ),
)


def model_for(wanted: str, models: tuple[OfficialModel, ...] = MODELS) -> OfficialModel:
    """The model of that name, or the one offered for that language.

    Raises:
        ModelError: there is none.
    """
    for model in models:
        if wanted in (model.name, model.language):
            return model
    raise ModelError(f"there is no model {wanted}: see `denkpauze models list`")
