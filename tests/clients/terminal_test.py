"""carouselctl at a terminal: completion in bash and zsh, its man page, names for scripts, colours, --watch."""

import os
import pty
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.getcwd(), "tests/testing"))
import robot  # noqa: E402  pylint: disable=wrong-import-position

_SECONDS = 60
_BASH = """
source "$1"
COMP_WORDS=(carouselctl "${@:2}")
COMP_CWORD=$(($# - 1))
_carouselctl
printf '%s\\n' "${COMPREPLY[@]}"
"""
# Outside of a widget there is no compadd: this one says what it would add.
_ZSH = """
autoload -Uz compinit
compinit -D
source "$1"
compadd() { print -l -- "${@:2}" }
_files() { print -l -- *(N) }
words=(carouselctl "${@:2}")
CURRENT=$#
_carouselctl
"""


class Terminal(unittest.TestCase):

    def setUp(self):
        self.server = self.enterContext(robot.Robot(slots=2))
        self.server.disc("A1", "DVD+R", 1)
        self.server.start()
        # The scripts look for it on the path.
        self.folder = os.path.join(self.server.folder, "bin")
        os.mkdir(self.folder)
        os.symlink(os.environ["CAROUSELCTL"], os.path.join(self.folder, "carouselctl"))
        self.environment = {"PATH": self.folder + ":/usr/bin:/bin", "CAROUSEL_ADDRESS": self.server.address, "HOME": self.server.folder,
                            "TERM": "xterm"}

    def completed(self, shell, *words):
        """What comes of the Tab key behind `words`."""
        program, script, file = {"bash": (["bash", "--norc"], _BASH, "BASH_COMPLETION"), "zsh": (["zsh", "-f"], _ZSH, "ZSH_COMPLETION")}[shell]
        done = subprocess.run([*program, "-c", script, shell, os.environ[file], *words], env=self.environment, cwd=self.folder, text=True,
                              capture_output=True, timeout=_SECONDS, check=True)
        return done.stdout.split()

    def test_bash_and_zsh_complete_commands_options_values_names_and_files(self):
        for shell in ("bash", "zsh"):
            with self.subTest(shell):
                self.assertEqual(self.completed(shell, "dri"), ["drives"])
                self.assertEqual(self.completed(shell, "image", "set"), ["set-multisession"])
                self.assertEqual(self.completed(shell, "drives", "--out"), ["--output"])
                self.assertEqual(self.completed(shell, "-o", ""), ["table", "json", "name"])
                self.assertEqual(self.completed(shell, "load", ""), ["A1"])
                self.assertEqual(self.completed(shell, "load", "A1", ""), ["drive0", "drive1"])
                self.assertEqual(self.completed(shell, "-a", self.server.address, "media", "drive1"), ["drive1"])
                self.assertEqual(self.completed(shell, "image", "add", "IMAGE", ""), ["carouselctl"])
                self.assertEqual(self.completed(shell, "-a", "unix:nobody", "media", ""), [])

    def test_the_man_page_is_one(self):
        done = subprocess.run(["mandoc", "-T", "lint", "-W", "style", os.environ["MAN_PAGE"]], capture_output=True, text=True, timeout=_SECONDS,
                              check=False)
        self.assertEqual(done.stdout + done.stderr, "")
        page = subprocess.run(["mandoc", "-T", "ascii", os.environ["MAN_PAGE"]], capture_output=True, text=True, timeout=_SECONDS, check=True)
        plain = subprocess.run(["col", "-b"], input=page.stdout, capture_output=True, text=True, timeout=_SECONDS, check=True).stdout
        for words in ("carouselctl burn", "carouselctl image set-multisession", "CAROUSEL_ADDRESS", "EXIT STATUS"):
            self.assertIn(words, plain)

    def test_names_alone_for_scripts(self):
        self.assertEqual(self.server.ctl("-o", "name", "drives")[1].split(), ["drives/drive0", "drives/drive1"])
        image = self.server.ctl("-o", "name", "image", "create")[1].strip()
        self.assertRegex(image, "^images/[0-9a-f]+$")
        self.assertEqual(self.server.ctl("-o", "name", "image", "list")[1].split(), [image])
        self.assertEqual(self.server.ctl("-o", "name", "-q", "load", "A1", "drive0")[1].split(), ["drives/drive0"])
        self.assertEqual(self.server.ctl("-o", "name", "inventory")[0], 0)

    def at_a_terminal(self, *words, **more):
        """What a terminal gets from carouselctl, whatever its exit code is."""
        read, write = pty.openpty()
        with subprocess.Popen([os.environ["CAROUSELCTL"], *words], env={**self.environment, **more}, stdin=write, stdout=write, stderr=write):
            os.close(write)
            text = b""
            try:
                while True:
                    text += os.read(read, 4096)
            except OSError:  # nobody has the other side any more
                os.close(read)
        return text

    def test_colours_are_for_terminals_that_have_them(self):
        self.assertIn(b"\033[31merror:", self.at_a_terminal("media", "drive9"))
        for words, more in ((("media", "drive9"), {"NO_COLOR": "1"}), (("media", "drive9"), {"TERM": "dumb"}),
                            (("--color", "never", "media", "drive9"), {})):
            self.assertNotIn(b"\033", self.at_a_terminal(*words, **more))
        self.assertNotIn("\033", self.server.ctl("media", "drive9")[2])
        self.assertIn("\033[31merror:", self.server.ctl("--color", "always", "media", "drive9")[2])

    def test_watch_shows_what_changes(self):
        with subprocess.Popen([os.environ["CAROUSELCTL"], "-a", self.server.address, "-o", "name", "image", "list", "-w"], text=True,
                              stdout=subprocess.PIPE) as watching:
            self.addCleanup(watching.kill)
            image = self.server.ctl_ok("image", "create")["name"]
            self.assertEqual(watching.stdout.readline().strip(), image)
            watching.send_signal(signal.SIGINT)


if __name__ == "__main__":
    unittest.main()
