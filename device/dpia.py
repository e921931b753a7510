"""The sheet for a data-protection impact assessment (DPIA), written from the settings that apply.

In Dutch, because it is for Dutch schools. What follows from a setting is computed here, so that
the sheet cannot say that something is off which is on; the kinds and fields of what is kept come
from ``lesson.events`` themselves.
"""

from __future__ import annotations

import ipaddress
import typing

from device import __version__
from device.settings import MqttSettings, Settings
from lesson.events import CueMode, Event, LessonEvent

#: What each kind of event says about people; a new kind without a line here fails the tests.
KINDS = {
    "lesson_started": "begin van de les, stand, streeftijd, aantal namen op de klassenlijst",
    "lesson_ended": "einde van de les en waardoor",
    "question": "begin en einde van een vraag van de leraar, soort vraag; geen woorden",
    "pause": "begin en einde van een denkpauze en wat haar beëindigde",
    "name": "dat een naam is genoemd, als schuilnaam zoals p07, en in welke rol",
    "turn": "wie er sprak: leraar, leerling, meer tegelijk of onbekend; nooit welke leerling",
    "feedback": "dat de leraar iets zei over een antwoord, en of dat bevestigend en of het "
    "specifiek was: een voorstel, zonder woorden",
    "cue": "een signaal van het lampje",
    "mark": "een moment dat de leraar of trainer merkte",
    "health": "hoe het met microfoon, geluid en verbinding ging",
    "correction": "een verbetering met de hand, en of leraar of trainer die deed",
}

MEASURES = (
    (
        "De cijfers worden gebruikt om een leraar te beoordelen",
        "Geen totaalcijfer en geen rangorde in het programma; de leraar bepaalt per les wie kijkt; "
        "schoolleiding en stuurgroep zien geen lessen; doel op elke bladzijde.",
        "Leg in het personeelsbeleid vast: niet voor beoordeling.",
    ),
    (
        "Leerlingen zijn te herleiden",
        "Geen geluid en geen woorden bewaard; buiten het apparaat alleen schuilnamen; geen "
        "herkenning van stemmen; wie bezwaar heeft, wordt niet geteld.",
        "Houd de klassenlijst alleen op het apparaat.",
    ),
    (
        "In een notitie op het dashboard staat een naam",
        "De bladzijde vraagt om geen leerlingen bij naam te noemen; wie de les ziet, leest haar.",
        "Spreek af: notities gaan over de les.",
    ),
    (
        "Het apparaat raakt kwijt",
        "Er staat geen geluid op; wel de klassenlijst en het journaal met cijfers.",
        "Leg het weg achter slot; wis het met `denkpauze wipe` voor een ander het "
        "krijgt; trek het account bij de broker in.",
    ),
    (
        "Er wordt ongemerkt geluisterd",
        "Het luisterlampje brandt zolang de microfoon openstaat; een knop sluit de microfoon.",
        "Sluit het lampje aan en hang het bord op.",
    ),
    (
        "De cijfers kloppen niet",
        "Bij elk cijfer staat op hoeveel keer het berust; de leraar kan alles verbeteren.",
        "Trek uit één les geen conclusie.",
    ),
)

RIGHTS = """\
- **Inzage en meenemen**: de leraar haalt alles zelf op met *Al mijn gegevens ophalen*.
- **Verbeteren**: *Verbeteren* bij elke les; wat gemeten was, blijft zichtbaar.
- **Wissen**: *Deze les verwijderen* of *Al mijn lessen verwijderen*; reservekopieën wist de school.
- **Bezwaar van een leerling**: een streepje voor de naam in de klassenlijst; de leerling wordt dan
  nooit geteld.
"""

OPEN_POINTS = """\
- Welke grondslag kiest de school? Toestemming van personeel is meestal niet vrij; gerechtvaardigd
  belang vraagt een afweging op papier.
- Heeft de personeelsgeleding van de MR ingestemd?
- Hoe lang bewaart de school reservekopieën van het dashboard?
- Wie kan bij de computer waarop dashboard en broker staan?
- Gelden voor deze toepassing de regels voor AI bij het volgen van werknemers (AI-verordening,
  bijlage III)? Denkpauze leidt geen emoties, aandacht of eigenschappen af.
"""


def sheet(settings: Settings, source: str, retention_days: int) -> str:
    """The sheet as Markdown.

    Args:
        settings: those that apply on this device.
        source: where they came from, as it is to be printed.
        retention_days: after how many days the dashboard deletes lessons (``--retention-days``).
    """
    parts = [
        "# DPIA-blad van Denkpauze",
        "Dit blad is gemaakt door `denkpauze dpia` uit de instellingen die gelden. Het is een hulp "
        "bij de DPIA van de school en geen juridisch advies: laat de functionaris "
        "gegevensbescherming (FG) het nakijken.",
        _table(("gegeven", "nu"), _situation(settings, source, retention_days)),
        "## Doel",
        "Een leraar oefent *vraag – denkpauze – naam* en kijkt terug, alleen of met een trainer. "
        "De cijfers zijn **niet voor beoordeling**. Voor een ander doel mogen ze niet worden "
        "gebruikt.",
        "## Waar de gegevens heen gaan",
        _table(("wat", "waar", "hoe lang"), _flow(settings, retention_days)),
        "## Wat er van een les wordt vastgelegd",
        "Alleen deze gebeurtenissen met deze velden; een bericht met een ander veld wordt "
        "geweigerd.",
        _table(("soort", "wat het zegt", "velden"), _recorded()),
        "## Wie wat ziet",
        _table(
            ("wie", "wat"),
            [
                ("de leraar", "de eigen lessen"),
                (
                    "een trainer",
                    "lessen die de leraar deelt, zolang die ze deelt; " + _live(settings),
                ),
                ("de stuurgroep", "alleen cijfers over ten minste vijf leraren samen"),
                ("de beheerder", "accounts en apparaten, nooit een les"),
            ],
        ),
        "## Risico’s en maatregelen",
        _table(("risico", "wat Denkpauze doet", "wat de school doet"), MEASURES),
        "## Let op bij deze instellingen",
        "\n".join(f"- {line}" for line in warnings(settings)) or "Niets bijzonders.",
        "## Rechten",
        RIGHTS.rstrip(),
        "## Wat de school nog beslist",
        OPEN_POINTS.rstrip(),
    ]
    return "\n\n".join(parts) + "\n"


def warnings(settings: Settings) -> list[str]:
    """What in these settings asks for attention, one Dutch sentence each."""
    mqtt, outputs = settings.mqtt, settings.outputs
    found = []
    if mqtt.enabled and not on_this_machine(mqtt):
        if mqtt.tls_ca is None:
            found.append("De cijfers gaan **zonder versleuteling** over het netwerk: zet TLS aan.")
        if mqtt.username is None:
            found.append("De broker vraagt dit apparaat **geen wachtwoord**.")
    if not outputs.light:
        found.append("Het **luisterlampje staat uit**: niemand ziet dat de microfoon openstaat.")
    if not outputs.buttons:
        found.append("De **knoppen staan uit**: de microfoon is niet met een knop te sluiten.")
    return found


def on_this_machine(mqtt: MqttSettings) -> bool:
    """Whether the broker is the device itself, as far as its name tells."""
    if mqtt.host == "localhost":
        return True
    try:
        return ipaddress.ip_address(mqtt.host).is_loopback
    except ValueError:
        return False


def _situation(settings: Settings, source: str, retention_days: int) -> list[tuple[str, str]]:
    mqtt = settings.mqtt
    sent = f"naar `{mqtt.host}`" if mqtt.enabled else "nee, niets verlaat het apparaat"
    silent = settings.lesson.mode is CueMode.SILENT
    return [
        ("programma", f"Denkpauze {__version__}"),
        ("instellingen", source),
        ("apparaat", f"`{settings.device.id}`"),
        ("stand", "stil meten (nulmeting)" if silent else "met signalen"),
        ("klassenlijst", "ja, op het apparaat" if settings.lesson.roster else "nee"),
        ("cijfers naar een broker", sent),
        ("versleuteld", _yes(mqtt.tls_ca is not None) if mqtt.enabled else "–"),
        ("wachtwoord bij de broker", _yes(mqtt.username is not None) if mqtt.enabled else "–"),
        ("meekijken mogelijk", _live(settings)),
        ("zichtbaar in Home Assistant", _home_assistant(settings)),
        ("luisterlampje", _yes(settings.outputs.light)),
        ("bewaartermijn dashboard", f"{retention_days} dagen" if mqtt.enabled else "–"),
    ]


def _flow(settings: Settings, retention_days: int) -> list[tuple[str, str, str]]:
    folder = settings.device.data_folder.name
    flow = [
        ("geluid", "werkgeheugen van het apparaat", "seconden; nooit op schijf, nooit verstuurd"),
        ("gesproken woorden", "werkgeheugen van het apparaat", "tot het einde van de les, op zijn "
         "langst; nooit op schijf, nooit verstuurd"),
        ("cijfers van de les", f"journaal in de gegevensmap (`{folder}`)", "tot `denkpauze wipe`"),
    ]  # fmt: skip
    if settings.lesson.roster:
        flow += [
            ("namen", "klassenlijst op het apparaat", "tot de leraar ze weghaalt"),
            (
                "hoe een voorgelezen naam wordt verstaan (`denkpauze enrol`)",
                f"map `{folder}/names` op het apparaat",
                "tot `denkpauze enrol --forget-all`",
            ),
        ]
    if settings.mqtt.enabled:
        way = "met TLS" if settings.mqtt.tls_ca else "zonder TLS"
        place = "op het apparaat zelf" if on_this_machine(settings.mqtt) else "in het netwerk"
        flow += [
            (
                "dezelfde cijfers",
                f"broker {place}, {way}",
                "hoogstens een uur, tot ze zijn afgehaald",
            ),
            ("dezelfde cijfers", "database van het dashboard", f"{retention_days} dagen"),
            (
                "accounts, notities en verwachtingen vooraf",
                "database van het dashboard",
                "notities en verwachtingen met de les; een account tot het wordt gesloten",
            ),
        ]
    return flow


def _recorded() -> list[tuple[str, str, str]]:
    rows = []
    for kind in kinds():
        name = kind.model_fields["kind"].default
        fields = ", ".join(f"`{field}`" for field in kind.model_fields if field != "kind")
        rows.append((f"`{name}`", KINDS[name], fields))
    return rows


def kinds() -> tuple[type[Event], ...]:
    """The classes of all events that a lesson may hold."""
    union = typing.get_args(LessonEvent)[0]
    return typing.get_args(union)


def _live(settings: Settings) -> str:
    if not settings.mqtt.enabled or not settings.mqtt.watching:
        return "niet live meekijken"
    return "live meekijken zolang de leraar dat toestaat"


def _home_assistant(settings: Settings) -> str:
    if not settings.mqtt.enabled or not settings.mqtt.home_assistant:
        return "nee"
    return "ja: of het apparaat aanstaat en of er een les bezig is"


def _yes(value: bool) -> str:
    return "ja" if value else "nee"


def _table(head: tuple[str, ...], rows: typing.Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
