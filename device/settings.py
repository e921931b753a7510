"""Typed settings: what they are, their units and their bounds.

Every field carries its one line of documentation, from which ``config/denkpauze.example.toml``
and ``docs/settings.md`` are made. Reading the file is the work of ``device/settings_file.py``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    Strict,
    ValidationInfo,
    model_validator,
)

from device.errors import SettingsError
from lesson.events import CueMode
from lesson.wire import DeviceId

Switch = Annotated[bool, Strict()]
#: BCM numbers of the pins on the header that can be used freely
Pin = Annotated[int, Strict(), Field(ge=2, le=27)]
Port = Annotated[int, Strict(), Field(ge=1, le=65535)]
Share = Annotated[float, Strict()]
Text = Annotated[str, Field(min_length=1, max_length=200)]


def _settled(path: Path, info: ValidationInfo) -> Path:
    """Expand ``~``; a relative path counts from the folder of the settings file."""
    path = path.expanduser()
    folder = info.context.get("folder") if isinstance(info.context, dict) else None
    return path if path.is_absolute() or folder is None else Path(folder) / path


FilePath = Annotated[Path, AfterValidator(_settled)]


class Section(BaseModel):
    """A ``[section]`` of the file: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class DeviceSettings(Section):
    """Who this device is and where it keeps its data."""

    id: DeviceId = Field(
        "denkpauze",
        description="Name of this device in MQTT topics: small letters, digits and hyphens, at "
        "most 32; each device at one broker has its own.",
    )
    data_folder: FilePath = Field(
        Path("~/.local/share/denkpauze"),
        validate_default=True,
        description="Folder of the journal; sound is never kept.",
    )
    language: Literal["nl", "en"] = Field(
        "nl", description="Language of the lesson and of what the teacher sees: nl or en."
    )


class LessonSettings(Section):
    """What happens in a lesson."""

    mode: CueMode = Field(
        CueMode.CUE,
        description="cue: give signals in the lesson; silent: measure only (nulmeting).",
    )
    target_s: Annotated[float, Strict()] = Field(
        3.0, ge=2, le=10, description="Think pause to aim for, in seconds, 2 to 10."
    )
    light_for_checks: Switch = Field(
        False,
        description="Start the light for «do you follow?» and «who is ready?» too, true or false.",
    )
    roster: FilePath | None = Field(
        None,
        description="Class list: text with one name a line, or CSV; without it no names are heard.",
    )


class MicrophoneSettings(Section):
    """Where sound comes from."""

    card: Text | None = Field(
        None,
        description="Part of the microphone's name as `denkpauze devices` shows it, or "
        "pulse:SOURCE for a source of the sound server; without it the only card there is.",
    )


class RecogniserSettings(Section):
    """Speech recognition."""

    model_path: FilePath | None = Field(
        None,
        description="Folder of a Vosk model, or of several; without it the usual places, then "
        "the built-in model.",
    )


class OutputSettings(Section):
    """What the teacher sees, hears and feels. Pins are BCM numbers, 2 to 27."""

    light: Switch = Field(True, description="RGB light and listening light on the pins below.")
    buttons: Switch = Field(
        True, description="Buttons for lesson, mute, mark and no more cues, on the pins below."
    )
    terminal: Switch = Field(True, description="Light and pause bar in the terminal.")
    earpiece: Text | None = Field(
        None,
        description="Part of the name of the sound output for the soft tick; without it no sound.",
    )
    light_brightness: Share = Field(
        0.3, gt=0, le=1, description="Brightness of the light, as a share of full, up to 1."
    )
    earpiece_volume: Share = Field(
        0.1, gt=0, le=1, description="Loudness of the tick, as a share of full, up to 1."
    )
    haptic: Switch = Field(False, description="One pulse of a vibration motor at the target.")
    light_red_pin: Pin = Field(5, description="Pin of the light's red, BCM number.")
    light_green_pin: Pin = Field(6, description="Pin of the light's green, BCM number.")
    light_blue_pin: Pin = Field(13, description="Pin of the light's blue, BCM number.")
    listen_led_pin: Pin = Field(27, description="Pin of the listening light, BCM number.")
    mute_button_pin: Pin = Field(22, description="Pin of the mute button, BCM number.")
    mark_button_pin: Pin = Field(23, description="Pin of the mark button, BCM number.")
    cues_off_button_pin: Pin = Field(
        24, description="Pin of the button that stops the cues, BCM number."
    )
    lesson_button_pin: Pin = Field(
        25, description="Pin of the button that begins and ends a lesson, BCM number."
    )
    haptic_pin: Pin = Field(12, description="Pin of the vibration motor's driver, BCM number.")

    @model_validator(mode="after")
    def _pins_differ(self) -> Self:
        taken: dict[int, str] = {}
        for key in type(self).model_fields:
            if key.endswith("_pin"):
                pin = getattr(self, key)
                if pin in taken:
                    raise ValueError(
                        f"{taken[pin]} and {key} are both pin {pin}: give each its own"
                    )
                taken[pin] = key
        return self


class MqttSettings(Section):
    """Where the figures go. Never sound, words or names."""

    enabled: Switch = Field(False, description="Send figures to a broker; off: nothing leaves.")
    host: Text = Field("localhost", description="Name or address of the broker.")
    port: Port = Field(1883, description="Port of the broker; 8883 is usual with tls_ca.")
    username: Text | None = Field(None, description="User name at the broker.")
    password: SecretStr | None = Field(
        None, description="Password at the broker; password_file keeps it out of this file."
    )
    password_file: FilePath | None = Field(
        None, description="File whose first line is the password at the broker."
    )
    tls_ca: FilePath | None = Field(
        None,
        description="Certificate of the authority that signed the broker's; switches on TLS.",
    )

    watching: Switch = Field(
        True,
        description="Let lessons be followed live (meekijken) by those whom the teacher allows in "
        "the dashboard, who may also mark moments, stop the signals and set the target.",
    )
    home_assistant: Switch = Field(
        False,
        description="Announce the device at the broker to Home Assistant: its status and whether "
        "a lesson is going on, no figures.",
    )

    @model_validator(mode="after")
    def _one_password(self) -> Self:
        if self.password is not None and self.password_file is not None:
            raise ValueError("password and password_file are both set: keep one")
        if self.username is None and (self.password or self.password_file) is not None:
            raise ValueError("a password is set, but no username")
        return self

    def secret(self) -> str | None:
        """The password, from here or from its file; ``None`` when none is set.

        Raises:
            SettingsError: the file cannot be read or is empty.
        """
        if self.password_file is None:
            return self.password.get_secret_value() if self.password else None
        try:
            lines = self.password_file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
            raise SettingsError(
                f"[mqtt] password_file: {self.password_file} cannot be read: {reason}"
            ) from None
        if not lines or not lines[0].strip():
            raise SettingsError(f"[mqtt] password_file: {self.password_file} holds no password")
        return lines[0].strip()


class Settings(Section):
    """All settings; ``Settings()`` is what applies without a file."""

    version: Literal[1] = Field(1, description="Version of the settings file.")
    device: DeviceSettings = Field(default_factory=DeviceSettings)
    lesson: LessonSettings = Field(default_factory=LessonSettings)
    microphone: MicrophoneSettings = Field(default_factory=MicrophoneSettings)
    recogniser: RecogniserSettings = Field(default_factory=RecogniserSettings)
    outputs: OutputSettings = Field(default_factory=OutputSettings)
    mqtt: MqttSettings = Field(default_factory=MqttSettings)


def sections() -> dict[str, type[Section]]:
    """Section name to its class, in the order of the file."""
    return {
        name: field.annotation
        for name, field in Settings.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section)
    }
