"""One key of a settings file is changed; comments and everything else stay."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from device.errors import SettingsError
from device.settings_edit import set_in_file

pytestmark = pytest.mark.unit


def edited(folder: Path, text: str | None, value: str = "/models/nl") -> str:
    path = folder / "denkpauze.toml"
    if text is not None:
        path.write_bytes(text.encode())
    set_in_file(path, "recogniser", "model_path", value)
    return path.read_bytes().decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, 'version = 1\n\n[recogniser]\nmodel_path = "/models/nl"\n'),
        ("", '[recogniser]\nmodel_path = "/models/nl"\n'),
        (
            "# mine\n[device]\nid = 'lokaal-3' # here",
            "# mine\n[device]\nid = 'lokaal-3' # here\n\n"
            '[recogniser]\nmodel_path = "/models/nl"\n',
        ),
        (
            "[recogniser] # ears\n# model_path = ''\n\n[device]\nid = 'a'\n",
            "[recogniser] # ears\n# model_path = ''\n"
            "model_path = \"/models/nl\"\n\n[device]\nid = 'a'\n",
        ),
        (
            "[recogniser]\n  model_path = '/old' # why\n[mqtt]\n",
            '[recogniser]\nmodel_path = "/models/nl"  # why\n[mqtt]\n',
        ),
        (
            "\ufeff[recogniser]\r\nmodel_path = '/old'\r\n",
            '\ufeff[recogniser]\r\nmodel_path = "/models/nl"\r\n',
        ),
    ],
)
def test_only_the_line_of_the_key_changes(before: str | None, after: str, tmp_path: Path) -> None:
    assert after == edited(tmp_path, before)


def test_a_path_with_odd_letters_is_read_back(tmp_path: Path) -> None:
    odd = '/school/juf "Zoë"/mo\\dellen'
    text = edited(tmp_path, None, odd)
    assert odd == tomllib.loads(text)["recogniser"]["model_path"]


@pytest.mark.parametrize(
    "before",
    [
        "recogniser = {model_path = '/old'}\n",
        "recogniser.model_path = '/old'\n",
        "[recogniser]\nmodel_path = '''\n/old'''\n",
        "[device]\nid = '''\n[recogniser]\n'''\n",
    ],
)
def test_what_cannot_be_changed_by_line_is_left_and_said(before: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"write there under \[recogniser\]: model_path = "):
        edited(tmp_path, before)
    assert before == (tmp_path / "denkpauze.toml").read_text("utf-8")


def test_the_rights_of_the_file_stay_and_a_link_stays_a_link(tmp_path: Path) -> None:
    real = tmp_path / "real.toml"
    real.write_text("version = 1\n", "utf-8")
    real.chmod(0o600)
    (tmp_path / "denkpauze.toml").symlink_to(real)
    edited(tmp_path, None)
    assert (True, 0o100600) == ((tmp_path / "denkpauze.toml").is_symlink(), real.stat().st_mode)


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="cannot be written"):
        set_in_file(tmp_path / "file" / "x.toml", "recogniser", "model_path", "/models/nl")
