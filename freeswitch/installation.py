"""Where this machine keeps its FreeSWITCH, and whether everything conf/ loads is there."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

CONF = Path(__file__).with_name("conf")

# Beside the binary (built from source, any prefix), then where Debian's packages put them.
_MODULE_FOLDERS = ("lib/freeswitch/mod", "mod", "lib64/freeswitch/mod")
_PACKAGED_MODULES = Path("/usr/lib/freeswitch/mod")


class LaunchError(Exception):
    """FreeSWITCH cannot be started here; the text is one line that says why."""


@dataclass(frozen=True)
class Installation:
    """A FreeSWITCH program and the folder of its modules."""

    program: Path
    modules: Path


def find_installation() -> Installation:
    """The FreeSWITCH on PATH, complete. Raises LaunchError when there is none or it lacks modules."""
    found = shutil.which("freeswitch")
    if found is None:
        raise LaunchError("no freeswitch on PATH; install FreeSWITCH 1.10.12 or later, or set FREESWITCH_URL")
    program = Path(found).resolve()
    modules = _modules_folder(program)
    missing = missing_modules(modules, required_modules())
    if missing:
        raise LaunchError(f"FreeSWITCH lacks {', '.join(missing)} in {modules}")
    return Installation(program, modules)


def required_modules() -> tuple[str, ...]:
    """What conf/ loads, in its order."""
    # Our own file, not anybody's input.
    tree = ElementTree.parse(CONF / "configuration" / "modules.conf.xml")  # noqa: S314
    return tuple(load.attrib["module"] for load in tree.iter("load"))


def missing_modules(folder: Path, required: Iterable[str]) -> tuple[str, ...]:
    """Which of ``required`` have no file in ``folder``."""
    return tuple(name for name in required if not (folder / f"{name}.so").is_file())


def _modules_folder(program: Path) -> Path:
    prefix = program.parent.parent
    for folder in (*(prefix / name for name in _MODULE_FOLDERS), _PACKAGED_MODULES):
        if folder.is_dir():
            return folder
    raise LaunchError(f"found {program} but not the folder of its modules (looked below {prefix} and in {_PACKAGED_MODULES})")
