"""What a reader of a disc says of it: entries by path, and the running of programs that say it.

A program that is missing, fails or takes too long raises JudgeError; nothing here forgives it.
"""

import calendar
import dataclasses
import datetime
import functools
import os
import subprocess
from typing import Optional

SECTOR = 2048
SECONDS = 120  # for any one program; genisoimage is known to run for ever on some trees

# Times are told and compared in UTC, names in UTF-8 but never interpreted.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "TZ": "UTC", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}

_MONTHS = dict((name, number) for number, name in enumerate(calendar.month_abbr) if name)


class JudgeError(Exception):
    """A program did not do what was asked of it."""


@dataclasses.dataclass(frozen=True)
class Entry:
    """One entry; None where the reader does not say. `size` is of files only."""
    type: str
    size: Optional[int] = None
    time: Optional[tuple] = None  # see clock_time and shown_time
    mode: Optional[int] = None
    target: Optional[bytes] = None
    sha256: Optional[str] = None


def run(command, cwd=None, seconds=SECONDS):
    """Runs a program to its successful end and returns (stdout, stderr) as bytes."""
    try:
        done = subprocess.run(command, capture_output=True, cwd=cwd, env=ENVIRONMENT, timeout=seconds,
                              stdin=subprocess.DEVNULL, check=False)
    except FileNotFoundError as error:
        raise JudgeError("%s is missing" % command[0]) from error
    except subprocess.TimeoutExpired as error:
        raise JudgeError("%s ran for more than %g s" % (command[0], seconds)) from error
    if done.returncode != 0:
        raise JudgeError("%s: exit code %d: %s" % (
            " ".join(os.fsdecode(word) for word in command), done.returncode,
            done.stderr.decode("utf-8", "replace")[-2000:]))
    return done.stdout, done.stderr


@functools.lru_cache(maxsize=1 << 16)
def clock_time(seconds):
    """A time that is known to the second."""
    moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)


@functools.lru_cache(maxsize=1 << 16)
def shown_time(month, day, year_or_time):
    """The same of what `ls -l` shows: "Sep", "9", "2001" or, without a year, "Nov", "25", "23:00"."""
    if b":" not in year_or_time:
        return (int(year_or_time), _MONTHS[month.decode()], int(day), None, None, None)
    hour, minute = year_or_time.split(b":")
    return (None, _MONTHS[month.decode()], int(day), int(hour), int(minute), None)


@functools.lru_cache(maxsize=1 << 16)
def mode_bits(letters):
    """"rwsr-x--t" as a number."""
    mode = 0
    for index, letter in enumerate(letters):
        bit = 1 << (8 - index)
        if letter in b"rwxst" and letter != ord("-"):
            mode |= bit
        if letter in b"sStT":
            mode |= (0o4000, 0o2000, 0o1000)[index // 3]
    return mode


_FIELDS = tuple(field.name for field in dataclasses.fields(Entry) if field.name != "time")


def _same_time(mine, other):
    return mine == other or all(a is None or b is None or a == b for a, b in zip(mine, other))


def same(ours, theirs):
    """Whether two entries agree in everything that both say."""
    for name in _FIELDS:
        mine, other = getattr(ours, name), getattr(theirs, name)
        if mine != other and mine is not None and other is not None:
            return False
    return ours.time is None or theirs.time is None or _same_time(ours.time, theirs.time)


def differences(ours, theirs):
    """Lines that say in what two trees differ; none if they agree."""
    lines = []
    for path in sorted(set(ours) | set(theirs)):
        if path not in theirs:
            lines.append("only ours: %r %s" % (path, ours[path]))
        elif path not in ours:
            lines.append("only theirs: %r %s" % (path, theirs[path]))
        elif not same(ours[path], theirs[path]):
            lines.append("differs: %r\n   ours   %s\n   theirs %s" % (path, ours[path], theirs[path]))
    return lines
