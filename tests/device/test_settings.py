"""Settings: what is accepted, and what a wrong file is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from device import settings_file
from device.errors import SettingsError
from device.settings import LessonSettings, Settings, sections
from device.settings_file import load_settings, read_settings
from lesson.events import CueMode

pytestmark = pytest.mark.unit


def written(folder: Path, text: str) -> Path:
    path = folder / "denkpauze.toml"
    path.write_text(text, encoding="utf-8")
    return path


def complaint(folder: Path, text: str) -> str:
    """What is said about a file, with its path replaced by FILE."""
    path = written(folder, text)
    with pytest.raises(SettingsError) as caught:
        read_settings(path)
    return str(caught.value).replace(str(path), "FILE")


def test_an_empty_file_gives_the_defaults(tmp_path: Path) -> None:
    assert Settings() == read_settings(written(tmp_path, ""))


def test_values_of_the_file_are_used(tmp_path: Path) -> None:
    text = 'version = 1\n[lesson]\nmode = "silent"\ntarget_s = 4\n[outputs]\nhaptic = true\n'
    settings = read_settings(written(tmp_path, text))
    assert (CueMode.SILENT, 4.0, True) == (
        settings.lesson.mode,
        settings.lesson.target_s,
        settings.outputs.haptic,
    )


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().lesson.target_s = 5.0  # type: ignore[misc]


@pytest.mark.parametrize("target_s", [2, 2.0, 3.5, 10])
def test_a_target_from_2_to_10_seconds_is_accepted(tmp_path: Path, target_s: float) -> None:
    settings = read_settings(written(tmp_path, f"[lesson]\ntarget_s = {target_s}\n"))
    assert float(target_s) == settings.lesson.target_s


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[lesson]\ntarget = 3", "FILE: [lesson] has no key target; did you mean target_s?"),
        ("[leson]\nmode = 'cue'", "FILE: there is no section [leson]; did you mean lesson?"),
        ("[mqtt]\nxyzzy = 1", "FILE: [mqtt] has no key xyzzy; there is enabled, host, port, "),
        ("[lesson]\ntarget_s = 12", "FILE: [lesson] target_s: 12 is out of range; it can be 2 to"),
        ("[lesson]\ntarget_s = 1.9", "FILE: [lesson] target_s: 1.9 is out of range; it can be 2"),
        ("[lesson]\ntarget_s = nan", "FILE: [lesson] target_s: nan is out of range"),
        ("[mqtt]\nport = 0", "FILE: [mqtt] port: 0 is out of range; it can be 1 to 65535"),
        ("[outputs]\nmute_button_pin = 1", "FILE: [outputs] mute_button_pin: 1 is out of range"),
        (
            "[outputs]\nlight_brightness = 0",
            "FILE: [outputs] light_brightness: 0 is out of range; it can be more than 0 to 1.",
        ),
        ("[lesson]\ntarget_s = '3'", 'FILE: [lesson] target_s: "3" is not possible; expected a n'),
        ("[mqtt]\nport = true", "FILE: [mqtt] port: true is not possible; expected a whole numb"),
        ("[outputs]\nlight = 1", "FILE: [outputs] light: 1 is not possible; expected true or fal"),
        ("[lesson]\nroster = 5", "FILE: [lesson] roster: 5 is not possible; expected a path"),
        ("[microphone]\ncard = 5", "FILE: [microphone] card: 5 is not possible; expected text"),
        ("[microphone]\ncard = ''", 'FILE: [microphone] card: "" is not possible; expected at l'),
        ("lesson = 3", "FILE: [lesson]: 3 is not possible; expected a [section]"),
        (
            "[lesson]\nmode = 'loud'",
            "FILE: [lesson] mode: \"loud\" is not possible; choose 'cue' or",
        ),
        ("[device]\nid = 'Groep 6'", 'FILE: [device] id: "Groep 6" is not possible. Name of this'),
        (
            "[device]\nlanguage = 'fr'",
            "FILE: [device] language: \"fr\" is not possible; choose 'nl'",
        ),
        ("version = 2", "FILE: version is 2, this program reads version 1"),
        ("[lesson]\nmode =", "settings file FILE is not valid TOML: Invalid value (at line 2"),
        (
            "[lesson",
            "settings file FILE is not valid TOML: Expected ']' at the end of a",
        ),
        (
            "[outputs]\nmute_button_pin = 5",
            "FILE: [outputs]: light_red_pin and mute_button_pin are both pin 5",
        ),
        ("[mqtt]\npassword_file = 'x'", "FILE: [mqtt]: a password is set, but no username"),
        (
            "[mqtt]\nusername = 'a'\npassword = 'b'\npassword_file = 'c'",
            "FILE: [mqtt]: password and password_file are both set: keep one",
        ),
    ],
)
def test_a_mistake_is_named_with_file_section_and_key(
    tmp_path: Path, text: str, expected: str
) -> None:
    assert expected == complaint(tmp_path, text)[: len(expected)]


def test_a_syntax_error_at_the_very_end_still_has_a_line(tmp_path: Path) -> None:
    assert "at line 3" in complaint(tmp_path, "version = 1\n\n[lesson")


def test_several_mistakes_are_counted(tmp_path: Path) -> None:
    text = "[lesson]\ntarget_s = 1\n[mqtt]\nport = 0\n"
    assert complaint(tmp_path, text).endswith("(and 1 more)")


@pytest.mark.parametrize(
    "text",
    [
        "[mqtt]\nport = 'a\\nb'",
        '[lesson]\nmode = "a\\nb\\u2028c"',
        '[lesson]\n"a\\r\\nb" = 1',
        '"\\u001b[2J" = 1',
    ],
)
def test_a_complaint_is_one_line_without_control_characters(tmp_path: Path, text: str) -> None:
    assert complaint(tmp_path, text).isprintable()


@pytest.mark.parametrize("value", ["9" * 5000, "[" * 5000])
def test_what_the_parser_cannot_hold_is_a_mistake_like_any_other(
    tmp_path: Path, value: str
) -> None:
    assert "is not valid TOML" in complaint(tmp_path, f"[lesson]\ntarget_s = {value}\n")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "none.toml"
    with pytest.raises(SettingsError, match="cannot be read: No such file"):
        load_settings(path)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "film.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="no UTF-8 text"):
        load_settings(path)


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "windows.toml"
    path.write_bytes(b"\xef\xbb\xbf[lesson]\r\ntarget_s = 5\r\n")
    assert 5.0 == read_settings(path).lesson.target_s


def test_a_relative_path_counts_from_the_folder_of_the_file(tmp_path: Path) -> None:
    settings = read_settings(written(tmp_path, '[lesson]\nroster = "groep6.txt"\n'))
    assert tmp_path / "groep6.txt" == settings.lesson.roster


def test_a_tilde_is_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert tmp_path / ".local/share/denkpauze" == Settings().device.data_folder


def test_the_named_file_wins_over_the_environment(tmp_path: Path) -> None:
    first, second = tmp_path / "a.toml", tmp_path / "b.toml"
    first.write_text("[lesson]\ntarget_s = 4\n", encoding="utf-8")
    second.write_text("[lesson]\ntarget_s = 5\n", encoding="utf-8")
    environ = {"DENKPAUZE_CONFIG": str(second)}
    assert 4.0 == load_settings(first, environ).settings.lesson.target_s
    assert 5.0 == load_settings(None, environ).settings.lesson.target_s


def test_the_system_file_wins_over_the_users(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system, user = tmp_path / "system.toml", tmp_path / "user.toml"
    monkeypatch.setattr(settings_file, "SYSTEM_FILE", system)
    monkeypatch.setattr(settings_file, "USER_FILE", user)
    assert None is load_settings(None, {}).path
    user.write_text("", encoding="utf-8")
    assert user == load_settings(None, {}).path
    system.write_text("", encoding="utf-8")
    assert system == load_settings(None, {}).path


def test_where_a_value_came_from_is_known(tmp_path: Path) -> None:
    loaded = load_settings(written(tmp_path, "[lesson]\ntarget_s = 3.0\n"))
    assert (True, False, False) == (
        loaded.is_set("lesson", "target_s"),
        loaded.is_set("lesson", "mode"),
        loaded.is_set("mqtt", "port"),
    )


def test_a_password_shows_nowhere(tmp_path: Path) -> None:
    settings = read_settings(
        written(tmp_path, "[mqtt]\nusername = 'juf'\npassword = 'geheim-123'\n")
    )
    assert "geheim-123" not in f"{settings} {settings!r} {settings.model_dump_json()}"
    assert "geheim-123" == settings.mqtt.secret()


def test_a_wrong_password_is_not_repeated(tmp_path: Path) -> None:
    assert "12345" not in complaint(tmp_path, "[mqtt]\npassword = 12345")


def test_a_password_is_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "word").write_text("geheim\n", encoding="utf-8")
    text = "[mqtt]\nusername = 'juf'\npassword_file = 'word'\n"
    assert "geheim" == read_settings(written(tmp_path, text)).mqtt.secret()


@pytest.mark.parametrize(("content", "reason"), [(None, "No such file"), ("\n", "no password")])
def test_a_useless_password_file_is_named(tmp_path: Path, content: str | None, reason: str) -> None:
    if content is not None:
        (tmp_path / "word").write_text(content, encoding="utf-8")
    settings = read_settings(
        written(tmp_path, "[mqtt]\nusername = 'juf'\npassword_file = 'word'\n")
    )
    with pytest.raises(SettingsError, match=f"password_file.*{reason}"):
        settings.mqtt.secret()


def test_every_setting_is_documented_with_its_unit() -> None:
    undocumented = [
        f"{section}.{key}"
        for section, kind in sections().items()
        for key, field in kind.model_fields.items()
        if not field.description or (key.endswith("_s") and "seconds" not in field.description)
    ]
    assert [] == undocumented


def test_the_target_has_the_bounds_of_the_lesson_events() -> None:
    bounds = [
        bound.ge if hasattr(bound, "ge") else bound.le
        for bound in LessonSettings.model_fields["target_s"].metadata
        if hasattr(bound, "ge") or hasattr(bound, "le")
    ]
    assert [2, 10] == bounds
